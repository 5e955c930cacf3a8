import CLinux
import Glibc

/// Bytes and open descriptors that travel together between two processes.
package struct Message: Sendable {
    package var bytes: [UInt8]
    package var descriptors: [FileDescriptor]

    package init(_ bytes: [UInt8], descriptors: [FileDescriptor] = []) {
        self.bytes = bytes
        self.descriptors = descriptors
    }

    /// The most bytes one message may carry; more is refused at both ends.
    package static let maximumBytes = 64 << 20
    /// The most descriptors one message may carry.
    package static let maximumDescriptors = 250
}

/// The framing of messages on a Unix stream socket: byte count and descriptor count, four bytes each, little end first;
/// then the bytes. The descriptors come with the first byte of the header.
package enum MessageFraming {
    private static let headerBytes = 8

    /// Sends one message, blocking until the kernel has all of it.
    package static func send(_ message: Message, to socket: Int32) throws(SystemError) {
        guard message.bytes.count <= Message.maximumBytes, message.descriptors.count <= Message.maximumDescriptors
        else { throw SystemError("send a message", code: EMSGSIZE) }
        var header: [UInt8] = []
        for count in [message.bytes.count, message.descriptors.count] {
            for shift in stride(from: 0, to: 32, by: 8) { header.append(UInt8(truncatingIfNeeded: count >> shift)) }
        }
        try send(header, with: message.descriptors.map(\.number), to: socket)
        try send(message.bytes, with: [], to: socket)
    }

    /// Receives one message, blocking until it is whole; nil when the peer is gone between two messages.
    package static func receive(from socket: Int32) throws(SystemError) -> Message? {
        var descriptors: [FileDescriptor] = []
        guard let header = try receive(headerBytes, from: socket, into: &descriptors) else { return nil }
        let counts = [0, 4].map { start in (0..<4).reduce(0) { $0 | Int(header[start + $1]) << (8 * $1) } }
        guard counts[0] <= Message.maximumBytes, counts[1] == descriptors.count else {
            throw SystemError("receive a message", code: EPROTO)
        }
        guard let bytes = try receive(counts[0], from: socket, into: &descriptors) else {
            throw SystemError("receive a message", code: ECONNRESET)
        }
        return Message(bytes, descriptors: descriptors)
    }

    private static func send(_ bytes: [UInt8], with descriptors: [Int32], to socket: Int32) throws(SystemError) {
        var offset = 0
        var passed = descriptors
        while offset < bytes.count {
            let sent = bytes.withUnsafeBytes { buffer in
                lab_send_fds(
                    socket, buffer.baseAddress.map { $0 + offset }, UInt64(buffer.count - offset), passed,
                    Int32(clamping: passed.count))
            }
            if sent < 0 { throw SystemError.current("send a message") }
            offset += Int(sent)
            passed = []
        }
    }

    private static func receive(
        _ count: Int, from socket: Int32, into descriptors: inout [FileDescriptor]
    ) throws(SystemError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var offset = 0
        while offset < count {
            var numbers = [Int32](repeating: -1, count: Message.maximumDescriptors)
            var number = Int32(numbers.count)
            let got = bytes.withUnsafeMutableBytes { buffer in
                lab_receive_fds(
                    socket, buffer.baseAddress.map { $0 + offset }, UInt64(count - offset), &numbers, &number)
            }
            if got < 0 { throw SystemError.current("receive a message") }
            descriptors += numbers.prefix(Int(number)).map { FileDescriptor(owning: $0) }
            if got == 0 {
                if offset == 0 { return nil }
                throw SystemError("receive a message", code: ECONNRESET)
            }
            offset += Int(got)
        }
        return bytes
    }
}
