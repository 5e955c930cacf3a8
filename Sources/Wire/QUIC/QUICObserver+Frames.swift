extension QUICObserver {
    func handle(_ frame: QUICFrame, _ level: QUICLevel, from side: HTTPSide, _ emit: Emit) {
        switch frame {
        case .crypto(let offset, let bytes): crypto(offset, bytes, level, from: side, emit)
        case .stream(let id, let offset, let bytes, let isEnd):
            stream(id, offset, bytes, isEnd: isEnd, from: side, emit)
        case .resetStream(let id, let code, _):
            guard !self[side].finished.contains(id) else { return }
            self[side].finish(id)
            emit(.reset(stream: id, code: code), side)
        case .newConnectionID(let id): learn(id, of: side)
        default: break
        }
    }

    // MARK: Streams

    /// More open streams than any client has at a time.
    private static let mostStreams = 20_000

    private func stream(
        _ id: UInt64, _ offset: UInt64, _ bytes: UnsafeRawBufferPointer, isEnd: Bool, from side: HTTPSide, _ emit: Emit
    ) {
        var assembler: QUICStreamAssembler
        if let known = self[side].streams.removeValue(forKey: id) {
            assembler = known
        } else {
            guard !self[side].finished.contains(id), self[side].streams.count < Self.mostStreams else { return }
            assembler = QUICStreamAssembler()
        }
        if isEnd { assembler.end(at: offset &+ UInt64(bytes.count)) }
        let ready = assembler.accept(offset: offset, bytes)
        let isOverfull = assembler.isOverfull
        self[side].streams[id] = assembler
        if let ready {
            self[side].counts.applicationBytes += UInt64(ready.count)
            emit(.stream(id, ready), side)
        }
        if isOverfull, let lost = self[side].streams[id]?.skipHole() {
            self[side].counts.lostBytes += lost
            emit(.missing(stream: id, lost), side)
        }
        deliverReady(id, from: side, emit)
    }

    func deliverReady(_ id: UInt64, from side: HTTPSide, _ emit: Emit) {
        while let ready = self[side].streams[id]?.takeReady() {
            self[side].counts.applicationBytes += UInt64(ready.count)
            ready.withUnsafeBytes { emit(.stream(id, $0), side) }
        }
        if self[side].streams[id]?.isFinished == true {
            self[side].finish(id)
            emit(.streamEnd(id), side)
        }
    }

    // MARK: Handshake

    /// More than any message a lab sees; certificate chains included.
    private static let mostHandshakeBytes = 1 << 18

    private func crypto(
        _ offset: UInt64, _ bytes: UnsafeRawBufferPointer, _ level: QUICLevel, from side: HTTPSide, _ emit: Emit
    ) {
        let index = level.rawValue
        if let ready = self[side].crypto[index].accept(offset: offset, bytes) {
            self[side].message[index].append(contentsOf: ready)
        }
        while let ready = self[side].crypto[index].takeReady() { self[side].message[index] += ready }
        let whole = self[side].message[index]
        self[side].message[index] = []
        let used = whole.withUnsafeBytes { messages($0, from: side, emit) }
        if whole.count - used <= Self.mostHandshakeBytes { self[side].message[index] = Array(whole[used...]) }
    }

    private func messages(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide, _ emit: Emit) -> Int {
        var reader = ByteReader(bytes)
        var used = 0
        while let type = reader.u8(), let length = reader.u24(), let body = reader.slice(Int(length)) {
            used = reader.offset
            let message = TLSHandshakeMessage(type: type, body: body, isTLS13: true)
            note(message)
            emit(.handshake(message), side)
        }
        return used
    }

    private func note(_ message: TLSHandshakeMessage) {
        switch message.content {
        case .clientHello(let hello):
            // After a Version Negotiation the client begins anew, with another random.
            if serverHello == nil { clientHello = hello }
        case .serverHello(let hello):
            if !hello.isHelloRetryRequest { serverHello = hello }
        case .encryptedExtensions(let name):
            if let name { applicationProtocol = name }
        case .certificate, .other: break
        }
    }
}
