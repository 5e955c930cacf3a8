"""Answers PTR questions on port 53 of 127.0.0.1 at once, so that names are looked up in the benchmark; started by measure.py.

10.0.3.2 is r4.example.test, everything else www.example.test. Whatever is no question is passed over.
"""
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
print("ready", flush=True)


def labels(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def address(query):
    """The octets of the address that is asked about, the first one first."""
    place, parts = 12, []
    while query[place]:
        parts.append(query[place + 1:place + 1 + query[place]].decode("ascii", "replace"))
        place += 1 + query[place]
    return parts[3::-1], place + 5


while True:
    query, asker = server.recvfrom(1500)
    try:
        octets, end = address(query)
    except IndexError:
        continue
    is_router = octets[:2] == ["10", "0"] and len(octets) == 4 and octets[2].isdigit()
    answer = labels(f"r{int(octets[2]) + 1}.example.test" if is_router else "www.example.test")
    server.sendto(
        query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:end] + b"\xc0\x0c\0\x0c\0\1\0\0\x0e\x10"
        + len(answer).to_bytes(2, "big") + answer, asker)
