import Glibc
import SupportLinux

/// What a browser is told whose connection leads nowhere. Clients that do not speak HTTP see their connection closed.
enum HTTPRefusal {
    /// Answers, and closes the connection; blocks for some seconds where the client says nothing.
    static func answer(_ client: FileDescriptor, _ reason: String) {
        defer { client.close() }
        guard isReadable(client, within: 10_000) else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(client.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0, isHTTP(buffer[..<count]) else { return }
        let body = "\(reason)\n"
        let text =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n\(body)"
        let bytes = Array(text.utf8)
        guard send(client.number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
        shutdown(client.number, Int32(SHUT_WR))
        // Closing with something unread would take the answer away again.
        while isReadable(client, within: 1000) {
            guard recv(client.number, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 else { return }
        }
    }

    /// A method and a space: `CONNECT www.example.test:443 HTTP/1.1`.
    static func isHTTP(_ bytes: some Collection<UInt8>) -> Bool {
        let method = bytes.prefix { (0x41...0x5A).contains($0) }
        return (3...16).contains(method.count) && bytes.dropFirst(method.count).first == 0x20
    }

    private static func isReadable(_ client: FileDescriptor, within milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: client.number, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) > 0
    }
}
