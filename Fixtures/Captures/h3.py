"""HTTP/3 traffic for the captures: a server and a client on loopback, both of aioquic.

    h3.py server PORT CERT KEY [retry]
    h3.py client PORT KEYLOG CASE
"""

import asyncio
import os
import ssl
import sys

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion
from aioquic.tls import CipherSuite, SessionTicket

PAGE = b"token-h3f1 in a page that came over HTTP/3\n"
LONG = b"".join(b"line %d of a longer page over HTTP/3, token-h3f2\n" % i for i in range(200))


class Server(QuicConnectionProtocol):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.http = None
        self.bodies = {}

    def quic_event_received(self, event):
        if self.http is None and self._quic.tls.alpn_negotiated is not None:
            self.http = H3Connection(self._quic)
        if self.http is None:
            self.http = H3Connection(self._quic)
        for found in self.http.handle_event(event):
            if isinstance(found, HeadersReceived):
                self.bodies[found.stream_id] = [dict(found.headers)[b":path"], b""]
            if isinstance(found, DataReceived):
                self.bodies[found.stream_id][1] += found.data
            if getattr(found, "stream_ended", False):
                self.answer(found.stream_id, *self.bodies.pop(found.stream_id))

    def answer(self, stream, path, sent):
        body = LONG if path.startswith(b"/long") else b"got %d bytes\n" % len(sent) if sent else PAGE
        self.http.send_headers(stream, [
            (b":status", b"200"), (b"content-type", b"text/plain"), (b"server", b"aioquic"),
            (b"content-length", str(len(body)).encode()), (b"x-lab", b"a value of its own"),
        ])
        self.http.send_data(stream, body, end_stream=True)
        self.transmit()


class Client(QuicConnectionProtocol):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.http = H3Connection(self._quic)
        self.waiting = {}

    def quic_event_received(self, event):
        for found in self.http.handle_event(event):
            if getattr(found, "stream_ended", False) and found.stream_id in self.waiting:
                self.waiting.pop(found.stream_id).set_result(None)

    async def get(self, path, body=None):
        stream = self._quic.get_next_available_stream_id()
        headers = [
            (b":method", b"POST" if body else b"GET"), (b":scheme", b"https"), (b":authority", b"www.example.test"),
            (b":path", path), (b"user-agent", b"captures"), (b"x-lab", b"asked over HTTP/3"),
        ]
        self.http.send_headers(stream, headers, end_stream=body is None)
        if body:
            self.http.send_data(stream, body, end_stream=True)
        self.waiting[stream] = asyncio.get_running_loop().create_future()
        self.transmit()
        await self.waiting[stream]


async def run_server(port, cert, key, retry):
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.supported_versions = [QuicProtocolVersion.VERSION_1, QuicProtocolVersion.VERSION_2]
    configuration.load_cert_chain(cert, key)
    tickets = {}
    await serve(
        "127.0.0.1", port, configuration=configuration, create_protocol=Server, retry=retry,
        session_ticket_fetcher=tickets.get,
        session_ticket_handler=lambda ticket: tickets.__setitem__(ticket.ticket, ticket))
    print("ready", flush=True)
    await asyncio.Future()


async def run_client(port, keylog, case):
    def configuration(ticket=None):
        made = QuicConfiguration(
            is_client=True, alpn_protocols=H3_ALPN, server_name="www.example.test", verify_mode=ssl.CERT_NONE,
            secrets_log_file=open(keylog, "a"), session_ticket=ticket)
        suites = {"h3-aes256": CipherSuite.AES_256_GCM_SHA384, "h3-chacha": CipherSuite.CHACHA20_POLY1305_SHA256}
        made.cipher_suites = [suites.get(case, CipherSuite.AES_128_GCM_SHA256)]
        if case == "h3-v2":
            made.original_version = QuicProtocolVersion.VERSION_2
            made.supported_versions = [QuicProtocolVersion.VERSION_2]
        if case == "h3-negotiation":
            made.original_version = 0x1A2A3A4A
            made.supported_versions = [0x1A2A3A4A, QuicProtocolVersion.VERSION_1]
        return made

    tickets = []
    async with connect(
        "127.0.0.1", port, configuration=configuration(), create_protocol=Client,
        session_ticket_handler=tickets.append,
    ) as client:
        await client.get(b"/")
        if case in ("h3", "h3-lossy"):
            await client.get(b"/")
            await asyncio.gather(*(client.get(b"/long?%d" % i) for i in range(3)))
            await client.get(b"/form", b"name=value&" * 300)
        if case == "h3-keyupdate":
            for _ in range(3):
                client.request_key_update()
                await client.get(b"/")
                await client.ping()
        if case == "h3-migration":
            client.change_connection_id()
            await client.get(b"/")
            loop = asyncio.get_running_loop()
            old = client._transport
            transport, _ = await loop.create_datagram_endpoint(lambda: client, local_addr=("127.0.0.1", 0))
            client._transport = Bound(transport, port)
            await client.get(b"/long")
            old.close()
    if case == "h3-0rtt":
        async with connect(
            "127.0.0.1", port, configuration=configuration(tickets[0]), create_protocol=Client, wait_connected=False,
        ) as client:
            await client.get(b"/early")


class Bound:
    """A socket that sends to one place."""

    def __init__(self, transport, port):
        self.transport, self.port = transport, port

    def sendto(self, data, _address=None):
        self.transport.sendto(data, ("127.0.0.1", self.port))

    def close(self):
        self.transport.close()


if sys.argv[1] == "server":
    asyncio.run(run_server(int(sys.argv[2]), sys.argv[3], sys.argv[4], "retry" in sys.argv[5:]))
else:
    asyncio.run(run_client(int(sys.argv[2]), sys.argv[3], sys.argv[4]))
