import EngineNetwork
import Foundation
import LabTestSupport
import Testing
import Wire

@Suite(
    "Real programs meet firewalls that track connections, and port forwards", .serialized,
    .enabled(if: NamespacePair.missing == nil, "needs root, iproute2, iputils and traceroute"),
    .enabled(if: RealTool.exists("curl") && RealTool.exists("python3"), "curl or python3 is not installed"))
struct FirewallGatewayTests {
    private static let outside = "198.51.100.1"

    /// Answers every request with the address that it came from, until its input ends.
    private static let echo = """
        import http.server, socket, socketserver, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.client_address[0].removeprefix('::ffff:').encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *words): pass
        class Server(socketserver.ThreadingTCPServer):
            address_family = socket.AF_INET6
            request_queue_size = 64
            daemon_threads = True
        server = Server(('::', int(sys.argv[1])), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print('ready', flush=True)
        sys.stdin.read()
        """

    /// laptop and server at home behind r1, www outside behind r3; the web server of each listens.
    private func world(rules: [FilterRule]) throws -> NamespacePair {
        var topology = Drawings.chain(routers: 3, delay: 100_000, www: .namespace)
        topology.switches.append(Switch(name: "home"))
        topology.links[0] = Link(Link.End("home"), topology.links[0].b)
        topology.hosts.append(
            Host(
                name: "server",
                addresses: [Drawings.interface("192.0.2.80/24"), Drawings.interface("2001:db8:0:1::80/64")]))
        for host in ["laptop", "server"] { topology.links.append(Link(Link.End(host), Link.End("home"))) }
        let own = try #require(IPv4Address(Self.outside))
        topology.routers[0].addresses = [.v4(own)]
        topology.routers[0].translation = AddressTranslation(
            inside: [try #require(IPPrefix("192.0.2.0/24"))], outside: own,
            forwards: [
                PortForward(
                    .tcp, port: 8080, to: TransportAddress(try #require(IPv4Address("192.0.2.80")), 80))
            ])
        topology.routers[0].filters = rules
        #expect(topology.problems().isEmpty)
        let world = try NamespacePair(topology)
        do {
            for (host, port) in [("server", "80"), ("www", "80")] {
                try world.start(on: host, ["python3", "-c", Self.echo, port])
            }
        } catch {
            world.end()
            throw error
        }
        return world
    }

    /// The body of the page, and curl's exit status behind it.
    private func visit(_ url: String, from host: String, in world: NamespacePair) throws -> String {
        try world.run(
            on: host,
            ["sh", "-c", "curl -s --globoff --noproxy '*' --max-time 120 '\(url)'; echo \" $?\""]
        ).trimmingCharacters(in: .newlines)
    }

    @Test("curl reaches a server behind a forwarded port, from outside and from beside it")
    func forward() throws {
        let world = try world(rules: [])
        defer { world.end() }
        #expect(try visit("http://\(Self.outside):8080/", from: "www", in: world) == "203.0.113.80 0")
        #expect(try visit("http://\(Self.outside):8080/", from: "laptop", in: world) == "\(Self.outside) 0")
        // Another port of the router is closed.
        #expect(try visit("http://\(Self.outside):8081/", from: "www", in: world) == " 7")
        // From inside, others see the router.
        #expect(try visit("http://203.0.113.80/", from: "laptop", in: world) == "\(Self.outside) 0")
    }

    @Test("a stateful firewall refuses who comes from outside while the inside goes out, in both families")
    func stateful() throws {
        let inside = try ["192.0.2.0/24", "2001:db8:0:1::/64"].map { try #require(IPPrefix($0)) }
        let world = try world(
            rules: [
                FilterRule(.accept, states: [.established, .related]), FilterRule(.drop, states: [.invalid]),
                FilterRule(.reset, .tcp, to: IPPrefix("192.0.2.80/32"), ports: 80...80, states: [.new]),
            ] + inside.map { FilterRule(.accept, from: $0, states: [.new]) } + [
                FilterRule(.reset, .tcp), FilterRule(.prohibited),
            ])
        defer { world.end() }
        #expect(try visit("http://203.0.113.80/", from: "laptop", in: world) == "\(Self.outside) 0")
        #expect(try visit("http://[2001:db8:0:2::80]/", from: "laptop", in: world) == "2001:db8:0:1::10 0")
        for url in ["http://[2001:db8:0:1::80]/", "http://192.0.2.80/", "http://\(Self.outside):8080/"] {
            #expect(try visit(url, from: "www", in: world) == " 7", "\(url)")
        }
        let out = try world.run(on: "laptop", ["ping", "-n", "-c", "2", "-i", "0.1", "-W", "60", "2001:db8:0:2::80"])
        #expect(out.contains("2 received"), "\(out)")
        let refused = try world.run(on: "www", ["ping", "-n", "-c", "1", "-W", "60", "192.0.2.10"])
        #expect(refused.contains("Packet filtered"), "\(refused)")
        // What expires behind the firewall is reported through it, and the last host's refusal, too.
        for target in ["203.0.113.80", "2001:db8:0:2::80"] {
            let trace = try world.run(on: "laptop", ["traceroute", "-n", "-q", "1", "-w", "60", target])
            let rows = trace.split(separator: "\n").dropFirst()
            #expect(rows.count == 4 && !trace.contains("*"), "\(trace)")
        }
    }
}
