"""Runs each program in turn, several rounds, and prints medians and ratios; called by run, inside the first namespace."""
import json
import os
import re
import statistics
import subprocess
import sys
import time

lab = os.environ["lab"]
live = [f"10.99.{number // 256}.{number % 256}" for number in range(1, 1001)]
half = [f"10.99.4.{number}" for number in range(1, 255)]
target = "10.99.0.1"


def wall(command, rounds=7, stdin=None):
    times, output = [], b""
    for _ in range(rounds):
        begun = time.monotonic()
        output = subprocess.run(command, input=stdin, capture_output=True, check=False).stdout
        times.append(time.monotonic() - begun)
    return statistics.median(times), output.decode()


failed = []


def compare(title, ours, peers, check, limit=None, ratio=1.0):
    seconds, output = wall(ours)
    if not check(output):
        failed.append(title + ": our result is not what the network is")
    print(f"{title}: lab {seconds * 1000:.1f} ms", end="")
    best = min((wall(command, stdin=stdin)[0], name) for name, command, stdin in peers) if peers else None
    if best:
        print(f", {best[1]} {best[0] * 1000:.1f} ms, ratio {seconds / best[0]:.2f}", end="")
        if seconds > best[0] * ratio:
            failed.append(f"{title}: slower than {best[1]}")
    if limit:
        print(f", limit {limit * 1000:.0f} ms", end="")
        if seconds > limit:
            failed.append(f"{title}: above its limit")
    print()


listing = "\n".join(live).encode()
compare(
    "1000 live targets once", [lab, "ping", "-q", "-c", "1"] + live, [("fping -i 0", ["fping", "-i", "0", "-q", "-c", "1"], listing)],
    lambda text: text.count("= 1/1/0%") == 1000)
compare(
    "254 targets, half dead, 200 ms", [lab, "ping", "-q", "-c", "1", "-W", "0.2"] + half, [],
    lambda text: text.count("= 1/1/0%") == 127, limit=0.6)
compare(
    "trace over 9 hops, 3 probes", [lab, "traceroute", "-n", target],
    [("traceroute -N 32", ["traceroute", "-n", "-N", "32", target], None),
     ("scamper -p 1000", ["scamper", "-p", "1000", "-c", "trace -q 3", "-i", target], None)],
    lambda text: f"reached {target} after 9 hops" in text)


def median(command, pattern):
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return statistics.median(float(value) for value in re.findall(pattern, output))


differences = []
for _ in range(5):
    ours = json.loads(subprocess.run(
        [lab, "ping", "--format", "json", "-c", "200", "-i", "0.002", target], capture_output=True, check=True).stdout)
    mine = ours["results"][0]["summary"]["rtt"]["p50_ns"] / 1000
    theirs = median(["ping", "-n", "-c", "200", "-i", "0.002", target], r"time=([0-9.]+) ms") * 1000
    differences.append((abs(mine - theirs), mine, theirs))
difference, mine, theirs = sorted(differences)[2]
print(f"median round trip: lab {mine:.0f} µs, ping {theirs:.0f} µs, {difference:.0f} µs apart")
if difference > 20:
    failed.append("round trips differ by more than 20 µs")
for problem in failed:
    print(problem, file=sys.stderr)
sys.exit(1 if failed else 0)
