"""Loads each proxy in turn, several rounds, and prints medians, ratios and bounds; called by run, in a network of its own.

wrk, h2load and curl are the clients; proxychains makes the first two ask for a tunnel (CONNECT) as browsers do. nginx is no
forward proxy and is asked as the site's reverse proxy: it records nothing and is the limit worth having.
"""
import os
import re
import socket
import ssl
import statistics
import subprocess
import time

import servers

ROUNDS = int(os.environ.get("LAB_ROUNDS", 3))
SECONDS = int(os.environ.get("LAB_SECONDS", 3))
PARTS = os.environ.get("LAB_PARTS", "keepalive large plain fresh http2 bulk first idle start million").split()
PORTS = {"lab": 9000, "nginx": 9444, "squid": 3128, "mitmdump": 9999}
SITE = f"https://{servers.SITE}:{servers.TLS_PORT}"
missed = []


def command(words, environment=None):
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/srv",
                          env={**os.environ, **(environment or {})})
    return done.stdout + done.stderr


def tunnelled(name, words):
    """The client's command, through the proxy, or straight at the reverse proxy."""
    if name == "nginx":
        return [word.replace(SITE, f"https://{servers.SITE}:{PORTS[name]}") for word in words]
    chain = servers.write(f"chain.{name}", "strict_chain\nquiet_mode\nproxy_dns\ntcp_connect_time_out 8000\n"
                          f"tcp_read_time_out 15000\n[ProxyList]\nhttp 127.0.0.1 {PORTS[name]}\n")
    return ["proxychains4", "-q", "-f", chain, *words]


def number(pattern, text, name):
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"{name}: no figure in what the client said:\n{text[-2000:]}")
    return float(found[1])


def wrk(name, path, *options, script=None):
    if script:
        text = command(["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{PORTS[name]}"])
    else:
        text = command(tunnelled(name, ["wrk", "-t1", "-c16", f"-d{SECONDS}s", *options, SITE + path]))
    bad = re.search(r"(Non-2xx or 3xx responses: \d+|Socket errors: .*)", text)
    if bad and name == "lab" and "read" not in bad[1]:
        missed.append(f"lab {path}: {bad[1]}")
    requests = number(r"(\d+) requests in", text, name)
    return requests / number(r"requests in ([0-9.]+)s", text, name), requests


def h2load(name, path):
    text = command(tunnelled(name, ["h2load", f"--duration={SECONDS}", "-c4", "-m32", "-t1", SITE + path]))
    failed = number(r"(\d+) failed", text, name)
    if failed and name == "lab":
        missed.append(f"lab HTTP/2 {path}: {failed:.0f} failed")
    return number(r"([0-9.]+) req/s", text, name), number(r"(\d+) succeeded", text, name)


def fresh(name, path):
    return wrk(name, path, "-H", "Connection: close")


def plain(name, _):
    script = servers.write("plain.lua", "request = function() return wrk.format('GET', "
                           f"'http://{servers.SITE}:{servers.PLAIN_PORT}/tiny', "
                           f"{{Host = '{servers.SITE}:{servers.PLAIN_PORT}'}}) end\n")
    return wrk(name, "plain", script=script)


def curl(name, path, what):
    """`what` of curl's own figures, through the proxy, at the reverse proxy, or at the site itself."""
    words = ["curl", "-sS", "-o", "/dev/null", "-w", "%{" + what + "} %{http_code}", "--http1.1", "--cacert", "/srv/ca.pem"]
    if name == "nginx":
        words += [f"https://{servers.SITE}:{PORTS[name]}{path}"]
    elif name == "direct":
        words += [SITE + path]
    else:
        words += ["--proxy", f"http://127.0.0.1:{PORTS[name]}", "--proxy-insecure", "-k", SITE + path]
    text = command(words)
    if not text.endswith(" 200"):
        raise SystemExit(f"{name}: curl was not served {path}: {text}")
    return float(text.split()[0])


def ratio_line(title, unit, figures, bounds, scale=1.0, digits=0):
    """`bounds`: for each peer, how many times its figure ours is to be at least."""
    ours = statistics.median(figures["lab"])
    line = f"{title}: lab {ours * scale:,.{digits}f}{unit}"
    for peer, values in figures.items():
        if peer == "lab" or not values:
            continue
        theirs = statistics.median(values)
        line += f", {peer} {theirs * scale:,.{digits}f}{unit}"
        if theirs:
            line += f" ({ours / theirs:.2f}x" + (f", bound {bounds[peer]}x)" if peer in bounds else ")")
            if peer in bounds and ours < bounds[peer] * theirs:
                missed.append(f"{title}: {ours / theirs:.2f}x of {peer}, {bounds[peer]}x wanted")
    print(line, flush=True)


def bound_line(title, value, limit, unit, digits=0):
    print(f"{title}: {value:,.{digits}f}{unit}, at most {limit:,.{digits}f}{unit}", flush=True)
    if value > limit:
        missed.append(f"{title}: {value:,.{digits}f}{unit}, {limit:,.{digits}f}{unit} wanted")


def load(title, action, path, names, bounds, processor=False):
    rates, cost = {name: [] for name in names}, {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            before = servers.cpu_seconds(running[name].pid)
            rate, requests = action(name, path)
            rates[name].append(rate)
            cost[name].append((servers.cpu_seconds(running[name].pid) - before) / max(requests, 1))
    ratio_line(title, "/s", rates, bounds)
    print("    processor time of each: " + ", ".join(
        f"{name} {statistics.median(values) * 1e6:.0f} us" for name, values in cost.items()), flush=True)
    if processor:
        ours, theirs = statistics.median(cost["lab"]), statistics.median(cost["nginx"])
        bound_line(title + ", processor time against nginx's", ours / theirs, 1.3, "x", 2)


def idle_connections(count=1000):
    """Bytes for each connection that was used once and then held, both legs open."""
    context = ssl._create_unverified_context()
    # A proxy of its own: one that was under load has memory to give out again.
    process = servers.start("idle", servers.lab_command(9002), 9002, SWIFT_BACKTRACE="enable=no")
    held, before = [], 0
    for index in range(count + 50):
        if index == 50:
            time.sleep(1)
            before = servers.resident_bytes(process.pid)
        raw = socket.create_connection(("127.0.0.1", 9002))
        raw.sendall(f"CONNECT {servers.SITE}:{servers.TLS_PORT} HTTP/1.1\r\nHost: {servers.SITE}\r\n\r\n".encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += raw.recv(4096)
        secure = context.wrap_socket(raw, server_hostname=servers.SITE)
        secure.sendall(f"GET /tiny HTTP/1.1\r\nHost: {servers.SITE}:{servers.TLS_PORT}\r\n\r\n".encode())
        answer = b""
        while b"hello, world\n" not in answer:
            piece = secure.recv(4096)
            if not piece:
                raise SystemExit(f"lab closed connection {index} after {answer!r}")
            answer += piece
        held.append(secure)
    after = servers.resident_bytes(process.pid)
    for each in held:
        each.close()
    process.terminate()
    process.wait()
    return (after - before) / count


def listening_seconds():
    begun = time.monotonic()
    process = subprocess.Popen(servers.lab_command(9001), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not servers.accepts(9001):
        if process.poll() is not None:
            raise SystemExit("lab proxy ended before it listened")
    seconds = time.monotonic() - begun
    process.terminate()
    process.wait()
    return seconds


servers.make_authority()
site = servers.start_site()
running = {"lab": servers.start_lab(PORTS["lab"]), "nginx": servers.start_nginx(PORTS["nginx"]),
           "squid": servers.start_squid(PORTS["squid"])}
if os.environ["mitmdump"]:
    running["mitmdump"] = servers.start_mitmdump(PORTS["mitmdump"])
everyone = list(running)
forward = [name for name in everyone if name != "nginx"]
for name in everyone:
    curl(name, "/tiny", "time_total")

if "keepalive" in PARTS:
    load("intercepted HTTPS, keep-alive", wrk, "/tiny", everyone, {"mitmdump": 25, "squid": 1.6, "nginx": 0.9}, True)
if "large" in PARTS:
    load("intercepted HTTPS, 100 kB bodies", wrk, "/large", everyone, {"squid": 1.6})
if "plain" in PARTS:
    load("plain HTTP", plain, "/tiny", forward, {"squid": 2})
if "fresh" in PARTS:
    load("new intercepted connections", fresh, "/tiny", forward, {"mitmdump": 12, "squid": 1.4})
if "http2" in PARTS:
    load("HTTP/2, 4 connections of 32 streams", h2load, "/tiny", [name for name in everyone if name != "squid"],
         {"mitmdump": 20})
if "bulk" in PARTS:
    before = servers.resident_bytes(running["lab"].pid)
    figures = {name: [] for name in ["lab", "nginx", "squid"]}
    for _ in range(ROUNDS):
        for name, values in figures.items():
            values.append(curl(name, "/bulk", "speed_download"))
    ratio_line("a body of 1 GB", " MB/s", figures, {"nginx": 0.7}, scale=1e-6)
    bound_line("    growth of its resident set", (servers.resident_bytes(running["lab"].pid) - before) / 1e6, 16, " MB", 1)
if "first" in PARTS:
    waits = {name: statistics.median(curl(name, "/bulk", "time_starttransfer") for _ in range(ROUNDS))
             for name in ["lab", "direct"]}
    bound_line("first byte of 1 GB against the site itself, both with a new connection", waits["lab"] / waits["direct"], 2,
               "x", 2)
if "idle" in PARTS:
    bound_line("an idle intercepted connection, both legs open", idle_connections() / 1024, 56, " KiB", 1)
if "start" in PARTS:
    bound_line("lab proxy listens after", statistics.median(listening_seconds() for _ in range(11)) * 1000, 50, " ms", 1)
if "million" in PARTS:
    done = 0
    while done < 1_000_000:
        done += wrk("lab", "/tiny")[1]
        os.truncate("/srv/events", 0)
    bound_line("resident set after a million requests and all of the above",
               servers.resident_bytes(running["lab"].pid) / 1e6, 40, " MB", 1)

for process in running.values():
    if process.poll() is not None:
        missed.append("a proxy ended by itself")
for line in missed:
    print("missed: " + line)
raise SystemExit(1 if missed else 0)
