import Glibc
import SupportLinux
import Testing

@Suite("Message channels")
struct ChannelTests {
    private func pair() throws -> (MessageChannel, MessageChannel) {
        let (near, socket) = try MessageChannel.pair()
        return (near, try MessageChannel(owning: socket))
    }

    @Test("messages keep their borders and their order, empty and large ones too")
    func order() async throws {
        let (near, far) = try pair()
        let sizes = [0, 1, 7, 8, 65_536, 3_000_000, 0, 5]
        let sending = Task {
            for (index, size) in sizes.enumerated() {
                try await near.send([UInt8](repeating: UInt8(index), count: size))
            }
        }
        for (index, size) in sizes.enumerated() {
            let message = await far.receive()
            #expect(message?.bytes.count == size)
            #expect(message?.bytes.allSatisfy { $0 == UInt8(index) } == true)
        }
        try await sending.value
        near.close()
    }

    @Test("descriptors arrive open, with the message they were sent with")
    func descriptors() async throws {
        let (near, far) = try pair()
        let (read, write) = try FileDescriptor.pipe()
        try await near.send([1])
        try await near.send([2], descriptors: [write])
        try await near.send([3])
        #expect(await far.receive()?.descriptors.isEmpty == true)
        let passed = try #require(await far.receive())
        #expect(passed.bytes == [2] && passed.descriptors.count == 1)
        write.close()
        try passed.descriptors[0].write(Array("through".utf8))
        passed.descriptors[0].close()
        #expect(try read.read(upTo: 100) == Array("through".utf8))
        #expect(try read.read(upTo: 100).isEmpty)
        #expect(await far.receive()?.bytes == [3])
    }

    @Test("the peer's end is told, after what it sent before")
    func end() async throws {
        let (near, far) = try pair()
        try await near.send([1])
        try await near.flush()
        near.close()
        #expect(await far.receive()?.bytes == [1])
        #expect(await far.receive() == nil)
        await #expect(throws: SystemError.self) {
            for _ in 0..<1000 { try await far.send([UInt8](repeating: 0, count: 10_000)) }
        }
    }

    @Test("a sender waits for a receiver that does not take anything")
    func backpressure() async throws {
        let (near, far) = try pair()
        let sent = Counter()
        let sending = Task {
            for _ in 0..<100 {
                try await near.send([UInt8](repeating: 0, count: 200_000))
                sent.add()
            }
        }
        // Two bounds of a megabyte and the socket's own buffer hold far less than 20 MB, whatever the timing.
        var received = 0
        while received < 100, await far.receive() != nil {
            received += 1
            #expect(sent.value - received < 30)
        }
        try await sending.value
        #expect(received == 100)
    }

    @Test("receiving ends with its task")
    func cancellation() async throws {
        let (near, far) = try pair()
        let receiving = Task { await far.receive() }
        receiving.cancel()
        #expect(await receiving.value == nil)
        try await near.send([9])
        #expect(await far.receive()?.bytes == [9])
    }

    @Test(
        "octets that are no message end the channel",
        arguments: [
            [255, 255, 255, 255, 0, 0, 0, 0],  // 4 GiB
            [1, 0, 0, 0, 1, 0, 0, 0, 7],  // a descriptor that did not come
            [9, 0, 0, 0, 0, 0, 0, 0, 7],  // cut short
            [1, 0, 0],
        ] as [[UInt8]])
    func hostile(bytes: [UInt8]) async throws {
        let (channel, socket) = try MessageChannel.pair()
        try socket.write(bytes)
        socket.close()
        #expect(await channel.receive() == nil)
    }
}

private final class Counter: Sendable {
    private let count = Monitor(0)
    var value: Int { count.change { $0 } }
    func add() { count.change { $0 += 1 } }
}
