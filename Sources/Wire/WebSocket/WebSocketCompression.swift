/// permessage-deflate as a handshake agreed on it (RFC 7692 §7.1).
package struct WebSocketCompression: Sendable, Hashable {
    /// Whether the client's messages go on with the window of those before.
    package var clientTakesOver = true
    package var serverTakesOver = true

    package init(clientTakesOver: Bool = true, serverTakesOver: Bool = true) {
        self.clientTakesOver = clientTakesOver
        self.serverTakesOver = serverTakesOver
    }

    func takesOver(_ isClient: Bool) -> Bool { isClient ? clientTakesOver : serverTakesOver }
}

/// The extensions that a server accepted (RFC 6455 §9.1).
package enum WebSocketExtensions: Sendable, Hashable {
    case none
    case compression(WebSocketCompression)
    /// One that is not known here, or not understood: frames may mean anything.
    case unknown(String)

    /// - Parameter values: the values of the response's `Sec-WebSocket-Extensions` fields.
    package init(_ values: [String]) {
        self = .none
        for element in values.flatMap({ Self.split($0, at: UInt8(ascii: ",")) }) {
            let parts = Self.split(element, at: UInt8(ascii: ";"))
            guard let name = parts.first, !name.isEmpty else { continue }
            guard self == .none, name == "permessage-deflate", let agreed = Self.compression(parts.dropFirst()) else {
                self = .unknown(name)
                return
            }
            self = .compression(agreed)
        }
    }

    private static func compression(_ parameters: ArraySlice<String>) -> WebSocketCompression? {
        var agreed = WebSocketCompression()
        var seen: Set<String> = []
        for parameter in parameters {
            let pair = split(parameter, at: UInt8(ascii: "="))
            guard let name = pair.first, seen.insert(name).inserted else { return nil }
            switch name {
            case "client_no_context_takeover" where pair.count == 1: agreed.clientTakesOver = false
            case "server_no_context_takeover" where pair.count == 1: agreed.serverTakesOver = false
            case "client_max_window_bits", "server_max_window_bits":
                // DEFLATE's largest window opens what was made with a smaller one.
                guard pair.count == 2, let bits = UInt8(pair[1].filter { $0 != "\"" }), (8...15).contains(bits) else {
                    return nil
                }
            default: return nil
            }
        }
        return agreed
    }

    /// Parts in lower case, without blanks around them; separators within quotation marks are none.
    private static func split(_ text: String, at separator: UInt8) -> [String] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == separator, !isQuoted { parts.append([]) } else { parts[parts.count - 1].append(byte) }
        }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        return parts.map { part in
            let rest = part.drop(while: isBlank)
            let count = rest.reversed().drop(while: isBlank).count
            return String(decoding: rest.prefix(count), as: UTF8.self).lowercased()
        }
    }
}

/// DEFLATE over the messages of one side, which share a window unless that was agreed otherwise (RFC 7692 §7.2.2).
final class WebSocketInflater {
    enum Failure: Error {
        case corrupt
        case tooLarge
    }

    private let stage: InflateStage
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)

    init() throws(WebSocketFailure) {
        do {
            stage = try InflateStage()
        } catch {
            throw .compression
        }
    }

    deinit { room.deallocate() }

    /// - Parameters:
    ///   - limit: octets that may come out.
    ///   - sink: gets them; valid only during the call.
    func inflate(
        _ part: UnsafeRawBufferPointer, limit: Int, _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(Failure) {
        var input = part
        var left = limit
        while true {
            let before = input.count
            let count: Int
            do {
                count = try stage.goOn(&input, room)
            } catch {
                throw .corrupt
            }
            let most = min(count, left)
            if most > 0 { sink(UnsafeRawBufferPointer(rebasing: room[..<most])) }
            left -= most
            guard most == count else { throw .tooLarge }
            if input.isEmpty, count < room.count { return }
            if count == 0, input.count == before { throw .corrupt }
        }
    }
}
