import Glibc
import LabTestSupport
import SupportLinux
import Testing

@Suite("Joined streams")
struct StreamRelayTests {
    private struct Ends: Sendable {
        let near: FileDescriptor
        let far: FileDescriptor

        init() throws {
            var pair: [Int32] = [-1, -1]
            try checked("make sockets") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) }
            (near, far) = (FileDescriptor(owning: pair[0]), FileDescriptor(owning: pair[1]))
        }
    }

    private func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = try descriptor.read(upTo: 65_536)
            if part.isEmpty { return bytes }
            bytes += part
        }
    }

    @Test("megabytes pass in both directions at once, whole and in order")
    func bulk() async throws {
        let (left, right) = (try Ends(), try Ends())
        let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 11) }
        async let relayed: Void = Threads.perform(name: "relay") { StreamRelay.run(left.far, right.far) }
        for end in [left.near, right.near] {
            try Threads.detach(name: "sender") {
                try? end.write(sent)
                shutdown(end.number, Int32(SHUT_WR))
            }
        }
        let received = try await Threads.perform(name: "left") { try readAll(left.near) }
        // The other waited in the sockets meanwhile: neither direction holds the other up.
        let other = try await Threads.perform(name: "right") { try readAll(right.near) }
        #expect(received == sent && other == sent)
        try await relayed
    }

    @Test("the end of one direction leaves the other open")
    func halfClosed() async throws {
        let (left, right) = (try Ends(), try Ends())
        async let relayed: Void = Threads.perform(name: "relay") { StreamRelay.run(left.far, right.far) }
        try left.near.write(Array("question".utf8))
        shutdown(left.near.number, Int32(SHUT_WR))
        let question = try await Threads.perform(name: "read") { try readAll(right.near) }
        #expect(question == Array("question".utf8))
        try right.near.write(Array("answer".utf8))
        right.near.close()
        let answer = try await Threads.perform(name: "read") { try readAll(left.near) }
        #expect(answer == Array("answer".utf8))
        try await relayed
    }

    @Test("who is gone ends it")
    func broken() async throws {
        let (left, right) = (try Ends(), try Ends())
        async let relayed: Void = Threads.perform(name: "relay") { StreamRelay.run(left.far, right.far) }
        // What it was told last is unread: closing resets the connection.
        try right.near.write([1])
        right.near.close()
        left.near.close()
        try await relayed
    }

    @Test("a listener tells its port and does not wait for clients that are not there")
    func listener() throws {
        let address = LoopbackAddress.own
        let listener = try StreamSocket.listen(at: address, port: 0)
        let port = try #require(StreamSocket.port(of: listener))
        #expect(throws: SystemError("accept", code: EAGAIN)) { try StreamSocket.accept(from: listener) }
        let client = try StreamSocket.connect(to: address, port: port)
        let accepted = try StreamSocket.accept(from: listener)
        try client.write([42])
        #expect(try accepted.read(upTo: 8) == [42])
        #expect(throws: SystemError("listen", code: EADDRINUSE)) {
            try StreamSocket.listen(at: address, port: port)
        }
        // Closing alone would not do: a program that another test is just starting holds a copy until it is its own.
        shutdown(listener.number, Int32(SHUT_RDWR))
        #expect(throws: SystemError("connect", code: ECONNREFUSED)) {
            try StreamSocket.connect(to: address, port: port)
        }
    }
}
