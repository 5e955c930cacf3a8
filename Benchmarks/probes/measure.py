"""Runs each program in turn, several rounds, and prints medians and ratios; called by run, inside the first namespace.

Programs that are compared take turns within each round, so that what else the machine does meets all of them.
"""
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


def wall(command, stdin=None):
    begun = time.monotonic()
    output = subprocess.run(command, input=stdin, capture_output=True, check=False).stdout
    return time.monotonic() - begun, output.decode()


failed = []


def compare(title, ours, peers, check, limit=None, rounds=7):
    times, theirs = [], {name: [] for name, _, _ in peers}
    for _ in range(rounds):
        seconds, output = wall(ours)
        times.append(seconds)
        if not check(output):
            failed.append(title + ": our result is not what the network is")
        for name, command, stdin in peers:
            theirs[name].append(wall(command, stdin)[0])
    seconds = statistics.median(times)
    print(f"{title}: lab {seconds * 1000:.2f} ms", end="")
    medians = sorted((statistics.median(values), name) for name, values in theirs.items())
    for median_time, name in medians:
        print(f", {name} {median_time * 1000:.2f} ms", end="")
    if medians:
        best = medians[0]
        print(f", ratio {seconds / best[0]:.2f}", end="")
        if seconds > best[0]:
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
scamper = ("scamper -p 1000", ["scamper", "-p", "1000", "-c", "trace -q 3", "-i", target], None)
compare(
    "trace over 9 hops, 3 probes, addresses alone", [lab, "traceroute", "-n", target],
    [("traceroute -N 32", ["traceroute", "-n", "-N", "32", target], None), scamper],
    lambda text: f"reached {target} after 9 hops" in text and "*" not in text, rounds=31)
names = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "names.py")], stdout=subprocess.PIPE)
names.stdout.readline()
compare(
    "trace over 9 hops, 3 probes, names included", [lab, "traceroute", target],
    [("traceroute -N 32", ["traceroute", "-N", "32", target], None), scamper],
    lambda text: f"9  www.example.test ({target})" in text and all(f"r{hop}.example.test" in text for hop in range(1, 9)),
    rounds=31)


def bounded(title, command, check, rounds=7):
    """Each run within three times its slowest round trip and 100 ms."""
    runs = []
    for _ in range(rounds):
        seconds, output = wall(command)
        slowest = max((float(value) for value in re.findall(r"([0-9.]+) ms", output)), default=0) / 1000
        runs.append((seconds - 3 * slowest, seconds, slowest))
        if not check(output):
            failed.append(title + ": our result is not what the network is")
    over, seconds, slowest = max(runs)
    print(f"{title}: at most {seconds * 1000:.1f} ms, with {slowest * 1000:.2f} ms for the slowest round trip, limit {3000 * slowest + 100:.1f} ms")
    if over > 0.1:
        failed.append(f"{title}: above its limit")


def in_all(*words):
    for node in range(10):
        subprocess.run(["ip", "netns", "exec", f"n{node}", *words], check=True)


def reached(text):
    return f"reached {target} after 9 hops" in text


subprocess.run(["ip", "-n", "n4", "rule", "add", "pref", "1", "iif", "lo", "blackhole"], check=True)
bounded(
    "with a silent hop", [lab, "traceroute", target], lambda text: reached(text) and "* at 4: silent" in text)
subprocess.run(["ip", "-n", "n4", "rule", "del", "pref", "1"], check=True)
in_all("sysctl", "-qw", "net.ipv4.icmp_ratelimit=1000", "net.ipv4.icmp_msgs_per_sec=1000", "net.ipv4.icmp_msgs_burst=50")
limited = []
bounded(
    "with the kernel's own rate limits", [lab, "traceroute", target],
    lambda text: limited.append("rate-limited" in text or "silent" in text) or reached(text))
if not any(limited):
    failed.append("with the kernel's own rate limits: nothing was limited")
in_all("sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv4.icmp_msgs_per_sec=1000000", "net.ipv4.icmp_msgs_burst=100000")
names.terminate()
names.wait()
# Nobody answers there, and nobody says so.
with open("/etc/resolv.conf", "w", encoding="ascii") as file:
    file.write("nameserver 10.99.4.2\n")
bounded("with a dead resolver", [lab, "traceroute", target], reached)


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
