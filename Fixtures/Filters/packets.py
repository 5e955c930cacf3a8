#!/usr/bin/env python3
"""Writes packets.pcap: one of each thing that the captures of programs do not have. packets.py FILE"""
import struct
import sys
from ipaddress import IPv4Address, IPv6Address

A, B = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
ALL = b"\xff" * 6


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(payload, kind=0x0800, source=A, target=B, tags=()):
    shim = b"".join(struct.pack("!HH", 0x8100, tag) for tag in tags)
    return target + source + shim + struct.pack("!H", kind) + payload


def ipv4(proto, payload, source="192.0.2.10", target="203.0.113.80", ttl=64, ident=1, flags=0x4000):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), ident, flags, ttl, proto, 0)
    head += IPv4Address(source).packed + IPv4Address(target).packed
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(proto, payload, source="2001:db8::1", target="2001:db8:80::80", hops=64):
    return (struct.pack("!IHBB", 0x60000000, len(payload), proto, hops) + IPv6Address(source).packed
            + IPv6Address(target).packed + payload)


def udp(source, target, payload):
    return struct.pack("!HHHH", source, target, 8 + len(payload), 0) + payload


def icmp(kind, code, rest, body=b""):
    head = struct.pack("!BBH", kind, code, 0) + rest + body
    return head[:2] + struct.pack("!H", checksum(head)) + head[4:]


def tcp(source, target, sequence, acknowledged, flags, payload=b"", window=64240):
    return struct.pack("!HHIIBBHHH", source, target, sequence, acknowledged, 0x50, flags, window, 0, 0) + payload


def name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def dns(ident, flags, question, kind, answers=()):
    head = struct.pack("!HHHHHH", ident, flags, 1, len(answers), 0, 0)
    body = name(question) + struct.pack("!HH", kind, 1)
    for owner, answer_kind, data in answers:
        body += name(owner) + struct.pack("!HHIH", answer_kind, 1, 300, len(data)) + data
    return head + body


def arp(operation, source, target):
    return (struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + A + IPv4Address(source).packed + b"\0" * 6
            + IPv4Address(target).packed)


site, web = "www.example.test", "web.example.test"
request = b"POST /form?x=1 HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: probe/1\r\nContent-Length: 5\r\n\r\na=b&c"
page = b"HTTP/1.1 404 Not Found\r\nServer: Example\r\nContent-Type: text/html\r\nContent-Length: 1200\r\n\r\n" + b"x" * 1200
quoted = ipv4(17, udp(40000, 33434, b"")[:8], ttl=1)
frames = [
    ethernet(arp(1, "192.0.2.1", "192.0.2.10"), 0x0806, target=ALL),
    ethernet(arp(2, "192.0.2.10", "192.0.2.1"), 0x0806),
    ethernet(ipv4(1, icmp(8, 0, struct.pack("!HH", 7, 1), b"abcdefgh")), tags=[42]),
    ethernet(ipv4(1, icmp(0, 0, struct.pack("!HH", 7, 1), b"abcdefgh"), "203.0.113.80", "192.0.2.10", 57), tags=[42, 43]),
    ethernet(ipv4(17, udp(40000, 33434, b""), ttl=1)),
    ethernet(ipv4(1, icmp(11, 0, b"\0" * 4, quoted), "198.51.100.1", "192.0.2.10", 255)),
    ethernet(ipv4(17, udp(40001, 53, dns(0x1234, 0x0100, site, 1)))),
    ethernet(ipv4(17, udp(53, 40001, dns(0x1234, 0x8180, site, 1, [
        (site, 5, name(web)), (web, 1, IPv4Address("203.0.113.80").packed), (web, 1, IPv4Address("203.0.113.81").packed),
    ])), "203.0.113.80", "192.0.2.10", 60)),
    ethernet(ipv4(17, udp(40002, 53, dns(0x1235, 0x0100, site, 28)))),
    ethernet(ipv4(17, udp(53, 40002, dns(0x1235, 0x8180, site, 28, [
        (site, 28, IPv6Address("2001:db8:80::80").packed),
    ])), "203.0.113.80", "192.0.2.10", 60)),
    ethernet(ipv4(17, udp(40003, 53, dns(0x1236, 0x0100, "nobody.example.test", 1)))),
    ethernet(ipv4(17, udp(53, 40003, dns(0x1236, 0x8183, "nobody.example.test", 1)), "203.0.113.80", "192.0.2.10", 60)),
    ethernet(ipv4(6, tcp(40010, 80, 1000, 0, 0x02))),
    ethernet(ipv4(6, tcp(80, 40010, 5000, 1001, 0x12), "203.0.113.80", "192.0.2.10", 60)),
    ethernet(ipv4(6, tcp(40010, 80, 1001, 5001, 0x10))),
    ethernet(ipv4(6, tcp(40010, 80, 1001, 5001, 0x18, request), ident=2)),
    ethernet(ipv4(6, tcp(80, 40010, 5001, 1001 + len(request), 0x18, page), "203.0.113.80", "192.0.2.10", 60)),
    ethernet(ipv4(6, tcp(40010, 80, 1001 + len(request), 5001 + len(page), 0x14))),
    ethernet(ipv6(58, icmp(128, 0, struct.pack("!HH", 9, 1), b"abcdefgh")), 0x86DD),
    ethernet(ipv6(58, icmp(129, 0, struct.pack("!HH", 9, 1), b"abcdefgh"), "2001:db8:80::80", "2001:db8::1", 58), 0x86DD),
    ethernet(ipv6(17, udp(50000, 9999, b"datagram")), 0x86DD),
    ethernet(ipv6(6, tcp(50001, 9000, 1, 0, 0x02)), 0x86DD),
    ethernet(ipv6(6, tcp(9000, 50001, 0, 2, 0x14, b"", 0), "2001:db8:80::80", "2001:db8::1"), 0x86DD),
    ethernet(ipv4(17, udp(40020, 9999, b"cut short by the capture" * 4))),
]
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for index, frame in enumerate(frames):
        kept = frame[:60] if index == len(frames) - 1 else frame
        file.write(struct.pack("<IIII", 1793600000 + index // 4, 250000 * (index % 4), len(kept), len(frame)) + kept)
