import Wire

/// The connections that one router has seen, as Linux's connection tracking keeps them.
struct ConnectionTable: Sendable {
    fileprivate struct Connection: Sendable {
        var tcp: TCPTracking?
        var isAnswered = false
    }

    /// A connection that is remembered once its first packet was let through.
    struct Beginning: Sendable {
        let key: ConnectionKey
        fileprivate let connection: Connection
    }

    /// As many as a small router remembers (net.netfilter.nf_conntrack_max with 64 MB).
    static let limit = 16384
    private static let second: Int64 = 1_000_000_000
    private var connections = ExpiringTable<ConnectionKey, Connection>(limit: limit)

    var count: Int { connections.count }

    /// What a whole packet is to the connections that are there, which it may take further.
    mutating func received(
        _ header: IPHeader, _ packet: UnsafeRawBufferPointer, at time: Int64
    ) -> (state: ConnectionState, beginning: Beginning?) {
        let payload = UnsafeRawBufferPointer(rebasing: packet[header.payload])
        guard !header.isFragment, ConnectionTable.isSound(header, payload) else { return (.invalid, nil) }
        if header.proto == .icmp(header.family), let message = try? ICMPHeader(parsing: payload),
            ICMPKind(family: header.family, type: message.type, code: message.code).isError
        {
            return (reportsAboutKnown(header.family, part(payload, from: ICMPHeader.length), at: time), nil)
        }
        guard let key = ConnectionKey(header, packet) else { return (.invalid, nil) }
        let flags = header.proto == .tcp ? (try? TCPHeader(parsing: payload))?.flags : nil
        for isAnswer in [false, true] {
            let key = isAnswer ? key.reversed : key
            guard let connection = connections.value(of: key, at: time) else { continue }
            if let known = proceed(connection, key, flags, isAnswer: isAnswer, at: time) { return (known, nil) }
        }
        return begin(key, flags, header, payload)
    }

    /// The packet was let through.
    mutating func confirm(_ beginning: Beginning, at time: Int64) {
        keep(beginning.connection, beginning.key, at: time)
    }

    /// Nil where the connection is over, and the packet begins another.
    private mutating func proceed(
        _ connection: Connection, _ key: ConnectionKey, _ flags: TCPHeader.Flags?, isAnswer: Bool, at time: Int64
    ) -> ConnectionState? {
        var connection = connection
        if let tcp = connection.tcp, let flags {
            switch tcp.after(flags, isAnswer: isAnswer) {
            case .invalid: return .invalid
            case .ignored: break
            case .to(.synSent) where tcp != .synSent:
                connections.remove(key)
                return nil
            case .to(let next):
                if flags.contains(.rst), !connection.isAnswered {
                    connections.remove(key)
                    return isAnswer ? .established : .new
                }
                connection.tcp = next
            }
        }
        connection.isAnswered = connection.isAnswered || isAnswer
        keep(connection, key, at: time)
        return connection.isAnswered ? .established : .new
    }

    private func begin(
        _ key: ConnectionKey, _ flags: TCPHeader.Flags?, _ header: IPHeader, _ payload: UnsafeRawBufferPointer
    ) -> (ConnectionState, Beginning?) {
        var connection = Connection()
        switch header.proto {
        case .tcp:
            guard let flags, case .to(let first) = TCPTracking.none.after(flags, isAnswer: false) else {
                return (.invalid, nil)
            }
            connection.tcp = first
        case .icmp(header.family):
            // An answer that nobody asked for begins nothing.
            guard ICMPQuery(family: header.family, type: payload[0])?.isRequest == true else { return (.invalid, nil) }
        default: break
        }
        return (.new, Beginning(key: key, connection: connection))
    }

    private mutating func keep(_ connection: Connection, _ key: ConnectionKey, at time: Int64) {
        let lifetime: Int64 =
            switch key.proto {
            case .tcp: connection.tcp?.timeout ?? 0
            case .udp: (connection.isAnswered ? 120 : 30) * ConnectionTable.second
            case .icmp, .icmpv6: 30 * ConnectionTable.second
            default: 600 * ConnectionTable.second
            }
        connections.set(connection, of: key, at: time, for: lifetime, isFirm: connection.isAnswered)
    }

    private func reportsAboutKnown(
        _ family: IPFamily, _ quote: UnsafeRawBufferPointer, at time: Int64
    ) -> ConnectionState {
        guard let quoted = try? IPHeader(parsing: quote, truncationAllowed: true), quoted.family == family,
            let key = ConnectionKey(quoted, quote),
            connections.value(of: key, at: time) != nil || connections.value(of: key.reversed, at: time) != nil
        else { return .invalid }
        return .related
    }

    /// Whether headers are whole and checksums hold (nf_conntrack_checksum).
    private static func isSound(_ header: IPHeader, _ payload: UnsafeRawBufferPointer) -> Bool {
        switch header.proto {
        case .tcp:
            guard (try? TCPHeader(parsing: payload)) != nil else { return false }
            var sum = InternetChecksum()
            sum.addPseudoHeader(
                source: header.source, destination: header.destination, protocol: .tcp, length: payload.count)
            sum.add(payload)
            return sum.value == 0
        case .udp:
            return (try? UDPHeader(parsing: payload)) != nil
                && UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination)
        case .icmp(header.family):
            return payload.count >= ICMPHeader.length
                && ICMPHeader.checksumHolds(in: payload, from: header.source, to: header.destination)
        default: return true
        }
    }
}
