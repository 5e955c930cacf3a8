import CZlib

/// gzip (RFC 1952, several members) and deflate, which senders write with or without the zlib frame (RFC 9110 §8.4.1.2).
final class InflateStage: HTTPContentStage {
    let coding: HTTPContentCoding
    private(set) var hasBegun = false
    private(set) var isAtEnd = false
    /// zlib keeps its address, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isInitialised = false
    /// The first octet of a deflate body: it takes two to tell the zlib frame from bare deflate.
    private var heldOctet: UInt8?
    private var isSkipping = false

    init(_ coding: HTTPContentCoding) throws(HTTPContentFailure) {
        self.coding = coding
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        if coding == .gzip { try initialise(windowBits: 15 + 16) }
    }

    /// Bare deflate without an end of its own, for ``goOn(_:_:)``.
    init() throws(HTTPContentFailure) {
        coding = .deflate
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        try initialise(windowBits: -15)
    }

    deinit {
        if isInitialised { inflateEnd(stream) }
        stream.deallocate()
    }

    private func initialise(windowBits: Int32) throws(HTTPContentFailure) {
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else { throw .exhausted }
        isInitialised = true
    }

    func step(
        _ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
    ) throws(HTTPContentFailure) -> Int {
        guard !input.isEmpty || hasBegun else { return 0 }
        hasBegun = true
        if isAtEnd { try begin(nextMember: input) }
        if isSkipping || input.isEmpty && !isInitialised {
            input = UnsafeRawBufferPointer(start: nil, count: 0)
            return 0
        }
        if !isInitialised {
            guard let first = heldOctet else {
                heldOctet = input.take(1)[0]
                return try input.isEmpty ? 0 : step(&input, room)
            }
            let header = UInt16(first) << 8 | UInt16(input[0])
            try initialise(windowBits: first & 0x0f == 8 && header % 31 == 0 ? 15 : -15)
            var octet = UnsafeRawBufferPointer(start: nil, count: 0)
            let written = try withUnsafeBytes(of: first) { held throws(HTTPContentFailure) in
                octet = held
                return try inflate(&octet, room)
            }
            return try written + inflate(&input, UnsafeMutableRawBufferPointer(rebasing: room[written...]))
        }
        return try inflate(&input, room)
    }

    /// Decodes bare deflate that goes on, its window kept, even behind a block that says it is the last (RFC 7692 §7.2.3.4).
    func goOn(
        _ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
    ) throws(HTTPContentFailure) -> Int {
        if isAtEnd, !input.isEmpty {
            guard inflateResetKeep(stream) == Z_OK else { throw .corrupt(coding) }
            isAtEnd = false
        }
        return isAtEnd ? 0 : try inflate(&input, room)
    }

    private func inflate(
        _ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
    ) throws(HTTPContentFailure) -> Int {
        let given = min(input.count, 1 << 30)
        // zlib reads through next_in only; the pointer is mutable for its C API's sake.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        _ = input.take(given - Int(stream.pointee.avail_in))
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isAtEnd = true
        case Z_MEM_ERROR: throw .exhausted
        default: throw .corrupt(coding)
        }
        return room.count - Int(stream.pointee.avail_out)
    }

    /// Another gzip member may follow; anything else behind the end is padding and skipped.
    private func begin(nextMember input: UnsafeRawBufferPointer) throws(HTTPContentFailure) {
        guard !isSkipping, let first = input.first else { return }
        if coding == .gzip, first == 0x1f {
            guard inflateReset(stream) == Z_OK else { throw .corrupt(coding) }
            isAtEnd = false
        } else {
            isSkipping = true
        }
    }
}
