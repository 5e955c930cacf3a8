/// Reads what one side of a WebSocket connection sends (RFC 6455 §5), in pieces of any size. Pure, and passive: it judges as an
/// endpoint would, and what it cannot read is the observer's loss alone.
///
/// Memory: a control frame, and for compressed messages DEFLATE's window; content is handed out as it comes.
package struct WebSocketReader {
    private enum State {
        case head
        case payload(left: UInt64)
        case failed
    }

    private struct Message {
        var isText: Bool
        var isCompressed: Bool
        var frames: UInt64 = 0
        var wireLength: UInt64 = 0
        var text = UTF8Check()
        var grown = 0
    }

    private let isClient: Bool
    private let compression: WebSocketCompression?
    private let limit: Int
    private var state = State.head
    private var head = WebSocketFrameHead()
    private var isFinal = false
    private var control: WebSocketOpcode?
    private var controlPayload: [UInt8] = []
    private var mask: UInt32?
    /// Octets of the payload taken so far, modulo 4.
    private var maskOffset = 0
    private var message: Message?
    private var hasClosed = false
    private var inflater: WebSocketInflater?

    /// - Parameters:
    ///   - compression: what was agreed on in the handshake; nil: none.
    ///   - limit: octets that a compressed message may grow to.
    package init(from side: HTTPSide, compression: WebSocketCompression? = nil, limit: Int = 16 << 20) {
        isClient = side == .client
        self.compression = compression
        self.limit = limit
    }

    /// Whether the octets so far end amid a frame or a message.
    package var isAmidMessage: Bool {
        switch state {
        case .head: message != nil || head.hasBegun
        case .payload: true
        case .failed: false
        }
    }

    /// Takes all of `input`; after a failure, without a look.
    package mutating func read(_ input: UnsafeRawBufferPointer, _ emit: (WebSocketEvent) -> Void) {
        do throws(WebSocketFailure) {
            try take(input, emit)
        } catch {
            state = .failed
            message = nil
            inflater = nil
            emit(.failed(error))
        }
    }

    private mutating func take(
        _ all: UnsafeRawBufferPointer, _ emit: (WebSocketEvent) -> Void
    ) throws(WebSocketFailure) {
        var input = all
        while true {
            switch state {
            case .failed: return
            case .head:
                guard !input.isEmpty else { return }
                guard try head.read(&input) else { return }
                try began(emit)
                head = WebSocketFrameHead()
            case .payload(let left):
                if left > 0, input.isEmpty { return }
                let part = input.take(Int(clamping: left))
                state = .payload(left: left - UInt64(part.count))
                try payload(part, emit)
                guard left == UInt64(part.count) else { continue }
                state = .head
                try ended(emit)
            }
        }
    }

    // MARK: Frames

    private mutating func began(_ emit: (WebSocketEvent) -> Void) throws(WebSocketFailure) {
        guard !hasClosed else { throw .afterClose }
        guard let opcode = head.opcode else { throw .unknownOpcode(head.opcodeNumber) }
        let isCompressed = head.hasReservedBit1
        let mayCompress = compression != nil && (opcode == .text || opcode == .binary)
        guard !head.hasOtherReservedBits, !isCompressed || mayCompress else { throw .reservedBits }
        guard head.isMasked == isClient else { throw isClient ? .unmasked : .masked }
        isFinal = head.isFinal
        mask = head.mask
        maskOffset = 0
        control = nil
        switch opcode {
        case .close, .ping, .pong:
            guard isFinal, head.length <= 125 else { throw .control }
            control = opcode
            controlPayload = []
        case .continuation:
            guard message != nil else { throw .continuation }
        case .text, .binary:
            guard message == nil else { throw .interrupted }
            message = Message(isText: opcode == .text, isCompressed: isCompressed)
            emit(.began(isText: opcode == .text, isCompressed: isCompressed))
        }
        if control == nil {
            message?.frames &+= 1
            message?.wireLength &+= head.length
        }
        state = .payload(left: head.length)
    }

    private mutating func payload(
        _ part: UnsafeRawBufferPointer, _ emit: (WebSocketEvent) -> Void
    ) throws(WebSocketFailure) {
        guard let mask else { return try unmasked(part, emit) }
        guard !part.isEmpty else { return }
        var rest = part
        var failure: WebSocketFailure?
        withUnsafeTemporaryAllocation(byteCount: min(part.count, 16 << 10), alignment: 8) { room in
            while !rest.isEmpty, failure == nil {
                let piece = rest.take(room.count)
                WebSocketMask.apply(mask, offset: maskOffset, piece, room)
                maskOffset = (maskOffset + piece.count) & 3
                do throws(WebSocketFailure) {
                    try unmasked(UnsafeRawBufferPointer(rebasing: room[..<piece.count]), emit)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
    }

    private mutating func unmasked(
        _ part: UnsafeRawBufferPointer, _ emit: (WebSocketEvent) -> Void
    ) throws(WebSocketFailure) {
        guard !part.isEmpty else { return }
        if control != nil {
            controlPayload.append(contentsOf: part)
        } else if message?.isCompressed == true {
            try inflate(part, emit)
        } else {
            if message?.isText == true { message?.text.read(part) }
            emit(.content(part))
        }
    }

    private mutating func ended(_ emit: (WebSocketEvent) -> Void) throws(WebSocketFailure) {
        if let control {
            switch control {
            case .ping: emit(.ping(controlPayload))
            case .pong: emit(.pong(controlPayload))
            default:
                hasClosed = true
                emit(.close(WebSocketClose(controlPayload)))
            }
            controlPayload = []
            return
        }
        guard isFinal, let message else { return }
        // A message of no octets at all is not even DEFLATE's shortest, and taken all the same.
        if message.isCompressed, message.wireLength > 0 {
            // What the sender took off behind the last block (RFC 7692 §7.2.2).
            let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
            var failure: WebSocketFailure?
            tail.withUnsafeBytes { bytes in
                do throws(WebSocketFailure) { try inflate(bytes, emit) } catch { failure = error }
            }
            if let failure { throw failure }
            if compression?.takesOver(isClient) == false { inflater = nil }
        }
        let isValid = self.message.map { !$0.isText || $0.text.isWhole } ?? true
        self.message = nil
        emit(
            .ended(
                WebSocketMessageEnd(frames: message.frames, wireLength: message.wireLength, isValid: isValid)))
    }

    private mutating func inflate(
        _ part: UnsafeRawBufferPointer, _ emit: (WebSocketEvent) -> Void
    ) throws(WebSocketFailure) {
        guard var message else { return }
        let inflater: WebSocketInflater
        if let old = self.inflater { inflater = old } else { inflater = try WebSocketInflater() }
        self.inflater = inflater
        var rest = limit - message.grown
        do throws(WebSocketInflater.Failure) {
            try inflater.inflate(part, limit: rest) { content in
                rest -= content.count
                if message.isText { message.text.read(content) }
                emit(.content(content))
            }
        } catch {
            throw error == .tooLarge ? .tooLarge(limit: limit) : .compression
        }
        message.grown = limit - rest
        self.message = message
    }
}
