import CZstd

/// Zstandard frames (RFC 8878) as a content coding, whose window is at most 8 MiB (RFC 9659 §3).
final class ZstdStage: HTTPContentStage {
    let coding = HTTPContentCoding.zstd
    private(set) var hasBegun = false
    private(set) var isAtEnd = false
    private let stream: OpaquePointer

    init() throws(HTTPContentFailure) {
        guard let stream = ZSTD_createDStream() else { throw .exhausted }
        self.stream = stream
        _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
    }

    deinit { _ = ZSTD_freeDStream(stream) }

    func step(
        _ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
    ) throws(HTTPContentFailure) -> Int {
        guard !input.isEmpty || hasBegun && !isAtEnd else { return 0 }
        hasBegun = true
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        let hint = ZSTD_decompressStream(stream, &target, &source)
        if ZSTD_isError(hint) != 0 { throw .corrupt(coding) }
        _ = input.take(source.pos)
        isAtEnd = hint == 0
        return target.pos
    }
}
