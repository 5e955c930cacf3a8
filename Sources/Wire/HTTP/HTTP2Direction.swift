/// Cuts one direction's octets into frames and their payloads: DATA as slices, everything else gathered whole.
struct HTTP2Direction: Sendable {
    enum Phase: Sendable {
        /// Client: the preface is due. Leads to frameHeader.
        case preface
        /// At or inside the nine octets of a frame header. Leads to padLength, data, payload, skip or lost.
        case frameHeader
        /// At the pad length of a DATA frame. Leads to data.
        case padLength
        case data
        /// Gathering the payload of any other frame.
        case payload
        /// Padding, and payloads that nobody reads.
        case skip
        case lost
    }

    /// What the connection has to look at next.
    enum Part {
        case preface
        case frame(HTTP2FrameHeader)
        case data(UnsafeRawBufferPointer)
        case invalidPadding
        /// The whole payload of a frame that is no DATA, borrowed or gathered.
        case payload(Payload)
        case frameEnd(HTTP2FrameHeader)
        case notHTTP2
        case resynchronised
    }

    enum Payload {
        case borrowed(UnsafeRawBufferPointer)
        case held([UInt8])

        func read<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            switch self {
            case .borrowed(let octets): body(octets)
            case .held(let octets): octets.withUnsafeBytes(body)
            }
        }
    }

    private(set) var phase: Phase
    private(set) var offset: UInt64 = 0
    private(set) var header: HTTP2FrameHeader?
    private var partial: [UInt8] = []
    /// Octets left of data or of what is gathered or skipped, and of the padding behind data.
    private var remaining = 0
    private var padding = 0
    private var framesRead = 0
    private let payloadLimit: Int
    private var endsFrame = false
    /// A frame other than DATA has no payload, and that may still say something.
    private var hasEmptyPayload = false

    init(expectsPreface: Bool, payloadLimit: Int) {
        phase = expectsPreface ? .preface : .frameHeader
        self.payloadLimit = payloadLimit
    }

    mutating func next(_ input: inout UnsafeRawBufferPointer) -> Part? {
        if let part = following() { return part }
        while !input.isEmpty {
            if let part = step(&input) { return part }
            if let part = following() { return part }
        }
        return nil
    }

    private mutating func step(_ input: inout UnsafeRawBufferPointer) -> Part? {
        switch phase {
        case .preface: return readPreface(&input)
        case .frameHeader: return readHeader(&input)
        case .padLength:
            padding = Int(advance(&input, 1)[0])
            remaining -= 1
            phase = .data
            if padding > remaining {
                padding = 0
                return .invalidPadding
            }
            remaining -= padding
            if remaining == 0 { dataEnded() }
            return nil
        case .data:
            let part = advance(&input, remaining)
            remaining -= part.count
            if remaining == 0 { dataEnded() }
            return .data(part)
        case .skip:
            remaining -= advance(&input, remaining).count
            if remaining == 0 { endsFrame = true }
            return nil
        case .payload:
            guard let payload = gather(&input, remaining) else { return nil }
            endsFrame = true
            return .payload(payload)
        case .lost:
            guard Self.beginsFrames(input) else {
                advance(&input, input.count)
                return nil
            }
            phase = .frameHeader
            return .resynchronised
        }
    }

    private mutating func readPreface(_ input: inout UnsafeRawBufferPointer) -> Part? {
        let preface = HTTP2Preface.octets
        if partial.isEmpty, Self.beginsFrames(input) {
            phase = .frameHeader
            return .resynchronised
        }
        guard let octets = gather(&input, preface.count) else {
            if preface.starts(with: partial) { return nil }
            return lose(.notHTTP2, &input)
        }
        guard octets.read({ $0.elementsEqual(preface) }) else { return lose(.notHTTP2, &input) }
        phase = .frameHeader
        return .preface
    }

    private mutating func readHeader(_ input: inout UnsafeRawBufferPointer) -> Part? {
        let start = offset - UInt64(partial.count)
        guard let octets = gather(&input, HTTP2FrameHeader.size) else { return nil }
        let header = octets.read { HTTP2FrameHeader($0, offset: start) }
        // A first frame that cannot be one tells that this is no HTTP/2; later ones may be of types we do not know.
        guard framesRead > 0 || header.isPlausible else { return lose(.notHTTP2, &input) }
        framesRead += 1
        self.header = header
        remaining = Int(header.length)
        padding = 0
        switch header.type {
        case .data: phase = header.isPadded ? .padLength : .data
        case _ where Int(header.length) > payloadLimit || header.type.name == nil: phase = .skip
        default: phase = .payload
        }
        if remaining == 0 {
            hasEmptyPayload = phase == .payload
            endsFrame = true
        }
        return .frame(header)
    }

    private mutating func dataEnded() {
        remaining = padding
        padding = 0
        phase = .skip
        if remaining == 0 { endsFrame = true }
    }

    /// What follows without further input.
    private mutating func following() -> Part? {
        guard endsFrame else { return nil }
        if hasEmptyPayload {
            hasEmptyPayload = false
            return .payload(.held([]))
        }
        endsFrame = false
        phase = .frameHeader
        return header.map(Part.frameEnd)
    }

    private mutating func lose(_ part: Part, _ input: inout UnsafeRawBufferPointer) -> Part {
        advance(&input, input.count)
        lost()
        return part
    }

    private mutating func lost() {
        partial = []
        endsFrame = false
        hasEmptyPayload = false
        phase = .lost
    }

    @discardableResult
    private mutating func advance(_ input: inout UnsafeRawBufferPointer, _ count: Int) -> UnsafeRawBufferPointer {
        let part = input.take(count)
        offset &+= UInt64(part.count)
        return part
    }

    /// So many octets, borrowed from the input when it holds them all; nil when more have to come.
    private mutating func gather(_ input: inout UnsafeRawBufferPointer, _ count: Int) -> Payload? {
        if partial.isEmpty, input.count >= count { return .borrowed(advance(&input, count)) }
        partial.append(contentsOf: advance(&input, count - partial.count))
        guard partial.count == count else { return nil }
        var held: [UInt8] = []
        swap(&held, &partial)
        return .held(held)
    }

    /// The capture lacks octets here. Returns whether they all belonged to one DATA payload.
    mutating func missed(_ count: UInt64) -> Bool {
        offset &+= count
        guard phase == .data, count <= UInt64(remaining) else {
            lost()
            return false
        }
        remaining -= Int(count)
        if remaining == 0 { dataEnded() }
        return true
    }

    /// Two plausible frames in a row, or one that the input holds wholly or ends in.
    static func beginsFrames(_ input: UnsafeRawBufferPointer) -> Bool {
        guard input.count >= HTTP2FrameHeader.size else { return false }
        let first = HTTP2FrameHeader(input, offset: 0)
        guard first.isPlausible, first.length <= 1 << 14 else { return false }
        let next = HTTP2FrameHeader.size + Int(first.length)
        guard input.count >= next + HTTP2FrameHeader.size else { return true }
        return HTTP2FrameHeader(UnsafeRawBufferPointer(rebasing: input[next...]), offset: 0).isPlausible
    }
}
