import CBrotli

/// Brotli (RFC 7932) as a content coding.
final class BrotliStage: HTTPContentStage {
    let coding = HTTPContentCoding.brotli
    private(set) var hasBegun = false
    private(set) var isAtEnd = false
    private let state: OpaquePointer

    init() throws(HTTPContentFailure) {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { throw .exhausted }
        self.state = state
    }

    deinit { BrotliDecoderDestroyInstance(state) }

    func step(
        _ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
    ) throws(HTTPContentFailure) -> Int {
        if isAtEnd {
            input = UnsafeRawBufferPointer(start: nil, count: 0)
            return 0
        }
        guard !input.isEmpty || hasBegun else { return 0 }
        hasBegun = true
        var given = input.count
        var next = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var left = room.count
        var out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = BrotliDecoderDecompressStream(state, &given, &next, &left, &out, nil)
        _ = input.take(input.count - given)
        if result == BROTLI_DECODER_RESULT_ERROR { throw .corrupt(coding) }
        if result == BROTLI_DECODER_RESULT_SUCCESS { isAtEnd = true }
        return room.count - left
    }
}
