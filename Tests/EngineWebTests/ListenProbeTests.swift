@testable import EngineWeb
import Foundation
import SupportTransport
import Testing

@Suite("Listen probe")
struct ListenProbeTests {
    @Test("the kernel's tables are read, both families, listening sockets alone")
    func tables() {
        let four = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0
               1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0
               2: 0100007F:2328 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0 20 0 0 10 -1
            garbage
               3: 0100007:2328 00000000:0000 0A 0:0 0:0 0 1 0 1
            """
        let sockets = ListenProbe.parse(four)
        #expect(sockets.map(\.endpoint.description) == ["127.0.0.1:9000", "0.0.0.0:80"])
        #expect(sockets.first?.uid == 1000 && sockets.first?.inode == 4711)
        #expect(sockets[1].accepts("192.0.2.1") && !sockets[0].accepts("192.0.2.1") && !sockets[1].accepts("::1"))
        let six = """
               0: 00000000000000000000000001000000:2328 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 99 1 0
               1: B80D0120000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 98 1 0
            """
        #expect(ListenProbe.parse(six).map(\.endpoint.description) == ["[::1]:9000", "[2001:db8::1]:443"])
        #expect(ListenProbe.parse("").isEmpty)
    }

    @Test("a port is seen while somebody listens on it, and no longer")
    func live() async throws {
        let service = try await TCPService.start(address: "127.0.0.1", port: 0, greeting: "hello")
        let port = service.address.port
        #expect(ListenProbe.sockets(listeningOn: port).map(\.endpoint.address) == ["127.0.0.1"])
        #expect(await ListenProbe.connect(to: "127.0.0.1", port: port) == .accepted)
        let inodes = ListenProbe.sockets(listeningOn: port).map(\.inode)
        await service.stop()
        // A program that another test is just starting holds a copy of the socket between its fork and its exec.
        #expect(await SettledSockets.wait { ListenProbe.listeningSockets().allSatisfy { !inodes.contains($0.inode) } })
        #expect(await ListenProbe.connect(to: "127.0.0.1", port: 1) == .refused)
        #expect(await ListenProbe.connect(to: "localhost", port: port) == .failed)
    }
}

/// Looks at the kernel's tables, which tell nobody of changes, until they say what is waited for.
private enum SettledSockets {
    static func wait(_ isSettled: @escaping @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread {
                let limit = Date(timeIntervalSinceNow: 1_200)
                while !isSettled(), Date() < limit { poll(nil, 0, 5) }
                continuation.resume(returning: isSettled())
            }.start()
        }
    }
}
