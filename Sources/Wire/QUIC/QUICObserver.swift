import SupportCrypto

/// Watches one QUIC connection from outside (RFC 9000, 9001, 9369): takes the datagrams of both sides and gives packets,
/// frames, handshake messages and the bytes of streams in order.
///
/// Initial packets open by themselves, the others as far as the key log allows. Never fails: what cannot be opened is
/// counted.
package final class QUICObserver {
    package enum Event {
        /// Comes before the frames that are in it.
        case packet(QUICPacket)
        case frame(type: UInt64, QUICFrame)
        case handshake(TLSHandshakeMessage)
        /// Bytes that continue a stream, lent for the length of the call.
        case stream(UInt64, UnsafeRawBufferPointer)
        /// So many bytes of a stream will not come.
        case missing(stream: UInt64, Int)
        case streamEnd(UInt64)
        case reset(stream: UInt64, code: UInt64)
    }

    package typealias Emit = (Event, HTTPSide) -> Void

    let context: TLSContext
    package internal(set) var clientHello: TLSClientHello?
    package internal(set) var serverHello: TLSServerHello?
    package internal(set) var applicationProtocol: String?
    package internal(set) var version: QUICVersion?
    /// Connection IDs as they became known, each with the side that gave it out, whose peer writes it as destination.
    package internal(set) var issuedIDs: [(id: [UInt8], side: HTTPSide)] = []
    package internal(set) var sawRetry = false
    package internal(set) var sawVersionNegotiation = false
    var client = QUICHalf()
    var server = QUICHalf()
    /// The destination of the client's first Initial, from which both sides derive keys.
    var originalDestination: [UInt8] = []
    var initialVersion: QUICVersion?
    private var associated: [UInt8] = []

    package init(context: TLSContext) { self.context = context }

    /// Counts of protected packets, those of Initial packets left out, since everybody can open them.
    package var clientCounts: TLSHalf { client.counts }
    package var serverCounts: TLSHalf { server.counts }
    package var suite: CipherSuite? { serverHello.map { CipherSuite(code: $0.cipherSuite) } }

    subscript(side: HTTPSide) -> QUICHalf {
        _read { if side == .client { yield client } else { yield server } }
        _modify { if side == .client { yield &client } else { yield &server } }
    }

    /// The payload of one UDP datagram: packets one behind the other (RFC 9000, section 12.2).
    package func receive(_ datagram: UnsafeRawBufferPointer, from side: HTTPSide, _ emit: Emit) {
        var rest = datagram
        var destination: [UInt8]?
        while let first = rest.first {
            guard first & 0x80 != 0 else { return short(rest, from: side, emit) }
            guard let header = QUICHeader(long: rest) else { return }
            // What follows for another connection is no packet but padding.
            if let destination, destination != header.destination { return }
            destination = header.destination
            long(header, UnsafeRawBufferPointer(rebasing: rest[..<header.length]), from: side, emit)
            rest = UnsafeRawBufferPointer(rebasing: rest[header.length...])
        }
    }

    /// Nothing comes any more: what waits behind holes is handed over.
    package func finish(_ emit: Emit) {
        for side in [HTTPSide.client, .server] {
            for id in self[side].streams.keys.sorted() {
                while let lost = self[side].streams[id]?.skipHole() {
                    emit(.missing(stream: id, lost), side)
                    deliverReady(id, from: side, emit)
                }
            }
        }
    }

    // MARK: Packets

    private func long(_ header: QUICHeader, _ packet: UnsafeRawBufferPointer, from side: HTTPSide, _ emit: Emit) {
        switch header.type {
        case .versionNegotiation: sawVersionNegotiation = true
        case .retry: sawRetry = true
        default: break
        }
        guard let level = QUICLevel(header.type) else {
            if header.type == .retry { learn(header.source, of: side) }
            return emit(.packet(QUICPacket(header: header, protection: .none)), side)
        }
        let plaintext = context.takeBuffer()
        defer { context.giveBack(plaintext) }
        guard packet.count <= plaintext.count else { return }
        let opened = open(header, packet, level, from: side, into: plaintext)
        if opened != nil { learn(header.source, of: side) }
        give(header, level, opened, plaintext, from: side, emit)
    }

    private func short(_ packet: UnsafeRawBufferPointer, from side: HTTPSide, _ emit: Emit) {
        let plaintext = context.takeBuffer()
        defer { context.giveBack(plaintext) }
        guard packet.count <= plaintext.count else { return }
        let lengths = self[side.other].idLengths
        var first: QUICHeader?
        for length in lengths.isEmpty ? [8] : lengths {
            guard let header = QUICHeader(short: packet, idLength: length) else { continue }
            if first == nil { first = header }
            if let opened = open(header, packet, .application, from: side, into: plaintext) {
                return give(header, .application, opened, plaintext, from: side, emit)
            }
        }
        if let first { give(first, .application, nil, plaintext, from: side, emit) }
    }

    struct Opened {
        var number: UInt64
        var keyPhase: Bool
        var length: Int
    }

    private func give(
        _ header: QUICHeader, _ level: QUICLevel, _ opened: Opened?, _ plaintext: UnsafeMutableRawBufferPointer,
        from side: HTTPSide, _ emit: Emit
    ) {
        if level != .initial {
            self[side].counts.encryptedRecords += 1
            if opened == nil { self[side].counts.closedRecords += 1 }
        }
        guard let opened else { return emit(.packet(QUICPacket(header: header, protection: .closed)), side) }
        let space = level.space
        let isNew = self[side].largest[space].map { opened.number > $0 } ?? true
        if isNew { self[side].largest[space] = opened.number }
        let phase = header.isLong ? nil : opened.keyPhase
        emit(.packet(QUICPacket(header: header, protection: .opened(number: opened.number, keyPhase: phase))), side)
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: plaintext[..<opened.length]))
        while let (type, frame) = QUICFrame.read(&reader) {
            emit(.frame(type: type, frame), side)
            handle(frame, level, from: side, emit)
        }
    }

    /// Opens a packet under one key; nothing changes where it does not authenticate.
    func attempt(
        _ opener: QUICPacketOpener, _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, _ level: QUICLevel,
        from side: HTTPSide, into plaintext: UnsafeMutableRawBufferPointer,
        where fits: (QUICPacketOpener.Unmasked, UInt64) -> Bool = { _, _ in true }
    ) -> Opened? {
        guard let unmasked = opener.unmask(packet, header) else { return nil }
        let number = QUICPacketNumber.decode(
            unmasked.truncatedNumber, length: unmasked.numberLength, largest: self[side].largest[level.space])
        guard fits(unmasked, number),
            let length = opener.open(packet, header, unmasked, number: number, header: &associated, into: plaintext)
        else { return nil }
        return Opened(number: number, keyPhase: unmasked.keyPhase, length: length)
    }

    func learn(_ id: [UInt8], of side: HTTPSide) {
        if !self[side].idLengths.contains(id.count), self[side].idLengths.count < 4 {
            self[side].idLengths.append(id.count)
        }
        guard !id.isEmpty, issuedIDs.count < Self.mostIDs, !issuedIDs.contains(where: { $0.id == id }) else { return }
        issuedIDs.append((id, side))
    }

    private static let mostIDs = 256
}
