/// Watches one TLS connection from outside: takes the bytes of both directions in order and gives records, handshake
/// messages, alerts and, where the key log allows, what was encrypted.
///
/// Covers TLS 1.2 and 1.3 with AEAD suites (RFC 5246, 8446). Never fails: what cannot be opened is counted, with the
/// reason to be read from `TLSObserver.Side`.
package final class TLSObserver {
    package enum Event {
        case record(TLSRecord)
        case handshake(TLSHandshakeMessage)
        case alert(level: UInt8, description: UInt8)
        /// Plaintext, lent for the length of the call.
        case applicationData(UnsafeRawBufferPointer)
    }

    package typealias Emit = (Event, TLSSide) -> Void

    let context: TLSContext
    package internal(set) var clientHello: TLSClientHello?
    package internal(set) var serverHello: TLSServerHello?
    package internal(set) var applicationProtocol: String?
    /// DER of the server's own certificate, where it was seen in the clear.
    package internal(set) var serverCertificate: [UInt8]?
    package internal(set) var client = TLSHalf()
    package internal(set) var server = TLSHalf()
    /// Keys of early data (0-RTT), which only clients send.
    var earlyOpeners: [RecordOpener] = []
    var earlySequence: UInt64 = 0
    /// The capture began so late, or the opener was unknown, that the side called server turned out to send the hello.
    private var isFlipped = false

    package init(context: TLSContext) { self.context = context }

    deinit {
        for half in [client, server] { half.buffer.map(context.giveBack) }
    }

    /// 0x0303 for TLS 1.2, 0x0304 for TLS 1.3; nil before the server's hello.
    package private(set) var version: UInt16?
    package var suite: CipherSuite? { serverHello.map { CipherSuite(code: $0.cipherSuite) } }

    /// The next bytes that one side sent.
    package func receive(_ bytes: UnsafeRawBufferPointer, from sender: TLSSide, _ emit: Emit) {
        if self[inward(sender)].isSearching {
            self[inward(sender)].searched.append(contentsOf: bytes)
        } else {
            guard let lost = deframe(bytes, from: sender, emit) else { return }
            self[inward(sender)].searched = Array(lost)
        }
        while let after = search(from: sender, emit) {
            let lost = after.withUnsafeBytes { deframe($0, from: sender, emit).map { Array($0) } }
            guard let lost else { return }
            self[inward(sender)].searched = lost
        }
    }

    /// Handles the records in `bytes` and keeps the beginning of the last; gives the rest where framing is lost.
    private func deframe(
        _ bytes: UnsafeRawBufferPointer, from sender: TLSSide, _ emit: Emit
    ) -> UnsafeRawBufferPointer? {
        var rest = bytes
        if self[inward(sender)].filled > 0 {
            guard let after = complete(rest, from: sender, emit) else { return nil }
            rest = after
            if self[inward(sender)].isSearching { return rest }
        }
        while rest.count >= TLSRecord.headerLength {
            guard let header = TLSRecord.Header(rest) else {
                lose(0, from: sender)
                return rest
            }
            let total = TLSRecord.headerLength + header.length
            guard rest.count >= total else { break }
            let payload = UnsafeRawBufferPointer(rebasing: rest[TLSRecord.headerLength..<total])
            record(header, payload, from: inward(sender), emit)
            rest = UnsafeRawBufferPointer(rebasing: rest[total...])
        }
        if !rest.isEmpty { keep(rest, inward(sender)) }
        return nil
    }

    /// Bytes of one side are missing from the capture; the next record that authenticates is looked for.
    package func lose(_ count: Int, from sender: TLSSide) {
        let side = inward(sender)
        self[side].lostBytes += count
        self[side].lostSinceSearch += count + self[side].filled
        self[side].filled = 0
        self[side].message.removeAll()
        self[side].isSearching = true
        release(side)
    }

    subscript(side: TLSSide) -> TLSHalf {
        _read { if side == .client { yield client } else { yield server } }
        _modify { if side == .client { yield &client } else { yield &server } }
    }

    // MARK: Putting records together

    private func keep(_ bytes: UnsafeRawBufferPointer, _ side: TLSSide) {
        let buffer = self[side].buffer ?? context.takeBuffer()
        self[side].buffer = buffer
        let filled = self[side].filled
        guard let target = buffer.baseAddress, let source = bytes.baseAddress, filled + bytes.count <= buffer.count
        else { return }
        (target + filled).copyMemory(from: source, byteCount: bytes.count)
        self[side].filled = filled + bytes.count
    }

    private func release(_ side: TLSSide) {
        self[side].buffer.map(context.giveBack)
        self[side].buffer = nil
    }

    /// Fills the record that was begun; what comes behind it, or nil while it is still incomplete.
    private func complete(
        _ bytes: UnsafeRawBufferPointer, from sender: TLSSide, _ emit: Emit
    ) -> UnsafeRawBufferPointer? {
        let side = inward(sender)
        var rest = bytes
        func take(upTo total: Int) -> Bool {
            let count = min(total - self[side].filled, rest.count)
            if count > 0 {
                keep(UnsafeRawBufferPointer(rebasing: rest[..<count]), side)
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return self[side].filled >= total
        }
        guard take(upTo: TLSRecord.headerLength), let buffer = self[side].buffer else { return nil }
        guard let header = TLSRecord.Header(UnsafeRawBufferPointer(buffer)) else {
            lose(0, from: sender)
            return rest
        }
        let total = TLSRecord.headerLength + header.length
        guard take(upTo: total) else { return nil }
        // Out of the half while it is read, since the record's events may come back here.
        self[side].filled = 0
        self[side].buffer = nil
        record(header, UnsafeRawBufferPointer(rebasing: buffer[TLSRecord.headerLength..<total]), from: side, emit)
        context.giveBack(buffer)
        return rest
    }

    // MARK: Records

    func record(_ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, from side: TLSSide, _ emit: Emit) {
        guard isEncrypted(header, side) else {
            emit(
                .record(
                    TLSRecord(type: header.type, version: header.version, payload: payload, protection: .plaintext)),
                outward(side))
            content(header.type, payload, from: side, emit)
            return
        }
        self[side].encryptedRecords += 1
        let plaintext = context.takeBuffer()
        defer { context.giveBack(plaintext) }
        let opened = open(header, payload, from: side, into: plaintext)
        if opened == nil { self[side].closedRecords += 1 }
        emitOpened(header, payload, opened.map { UnsafeRawBufferPointer(rebasing: plaintext[..<$0]) }, from: side, emit)
    }

    func emitOpened(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, _ opened: UnsafeRawBufferPointer?,
        from side: TLSSide, _ emit: Emit
    ) {
        var type = header.type
        var inner = opened
        if let plaintext = opened, isTLS13 || self[side].epoch == .none && !self[side].hasChangedCipher {
            // Zeros pad a record of TLS 1.3 behind its type (RFC 8446, section 5.4).
            guard let last = plaintext.lastIndex(where: { $0 != 0 }) else { return }
            type = plaintext[last]
            inner = UnsafeRawBufferPointer(rebasing: plaintext[..<last])
        }
        let protection: TLSRecord.Protection = inner == nil ? .closed : .opened(innerType: type)
        emit(
            .record(TLSRecord(type: header.type, version: header.version, payload: payload, protection: protection)),
            outward(side))
        if let inner { content(type, inner, from: side, emit) }
    }

    var isTLS13: Bool { version == 0x0304 }

    private func isEncrypted(_ header: TLSRecord.Header, _ side: TLSSide) -> Bool {
        if header.type == TLSContentType.applicationData { return true }
        return !isTLS13 && self[side].hasChangedCipher
    }

    func outward(_ side: TLSSide) -> TLSSide { isFlipped ? side.other : side }
    func inward(_ sender: TLSSide) -> TLSSide { isFlipped ? sender.other : sender }

    private func content(_ type: UInt8, _ bytes: UnsafeRawBufferPointer, from side: TLSSide, _ emit: Emit) {
        switch type {
        case TLSContentType.changeCipherSpec: if !isTLS13 { changeCipher(side) }
        case TLSContentType.alert:
            guard bytes.count == 2 else { return }
            if self[side].alert == nil || self[side].alert == 0 { self[side].alert = bytes[1] }
            emit(.alert(level: bytes[0], description: bytes[1]), outward(side))
        case TLSContentType.handshake: handshake(bytes, from: side, emit)
        case TLSContentType.applicationData:
            self[side].applicationBytes += UInt64(bytes.count)
            emit(.applicationData(bytes), outward(side))
        default: break
        }
    }

    // MARK: Handshake messages

    /// More than any message a lab sees; certificates chains included.
    private static let mostHandshakeBytes = 1 << 18

    private func handshake(_ bytes: UnsafeRawBufferPointer, from side: TLSSide, _ emit: Emit) {
        if self[side].message.isEmpty {
            let used = messages(bytes, from: side, emit)
            if used < bytes.count { self[side].message.append(contentsOf: bytes[used...]) }
            return
        }
        guard self[side].message.count + bytes.count <= Self.mostHandshakeBytes else {
            self[side].message.removeAll()
            return
        }
        self[side].message.append(contentsOf: bytes)
        let whole = self[side].message
        self[side].message = []
        let used = whole.withUnsafeBytes { messages($0, from: side, emit) }
        if used < whole.count { self[side].message = Array(whole[used...]) }
    }

    /// Handles the whole messages at the front and gives the number of bytes they took.
    private func messages(_ bytes: UnsafeRawBufferPointer, from sender: TLSSide, _ emit: Emit) -> Int {
        var reader = ByteReader(bytes)
        var used = 0
        var side = sender
        while let type = reader.u8(), let length = reader.u24(), let body = reader.slice(Int(length)) {
            used = reader.offset
            if type == TLSHandshakeType.clientHello, side == .server, clientHello == nil {
                isFlipped = true
                swap(&client, &server)
                side = .client
            }
            let message = TLSHandshakeMessage(type: type, body: body, isTLS13: isTLS13)
            emit(.handshake(message), outward(side))
            note(message, from: side)
        }
        return used
    }

    private func note(_ message: TLSHandshakeMessage, from side: TLSSide) {
        switch message.content {
        case .clientHello(let hello):
            // After a HelloRetryRequest the client repeats its random; a renegotiation brings a new one.
            clientHello = hello
        case .serverHello(let hello):
            version = hello.version
            guard !hello.isHelloRetryRequest else { return }
            serverHello = hello
            if let name = hello.extensions.applicationProtocols.first { applicationProtocol = name }
            if isTLS13 { beginHandshakeEpoch() }
        case .encryptedExtensions(let name):
            if let name { applicationProtocol = name }
        case .certificate(let chain):
            if side == .server, let own = chain.first { serverCertificate = own }
        case .other:
            if message.type == TLSHandshakeType.finished, isTLS13 { beginApplicationEpoch(side) }
            if message.type == TLSHandshakeType.keyUpdate, isTLS13 { updateKeys(side) }
        }
    }
}
