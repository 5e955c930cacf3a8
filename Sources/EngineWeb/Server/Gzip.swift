import CZlib

/// The gzip content coding (RFC 1952), for bodies that are sent.
enum Gzip {
    /// Nil when zlib has no memory for it.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 + 16: the largest window, in a gzip wrapper. The header holds no time, so equal bodies stay equal.
        let isReady = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard isReady == Z_OK, let count = UInt32(exactly: bytes.count) else { return nil }
        defer { deflateEnd(&stream) }
        let bound = deflateBound(&stream, UInt(count))
        guard let capacity = UInt32(exactly: bound) else { return nil }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(capacity))
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = count
                stream.next_out = target.baseAddress
                stream.avail_out = capacity
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { return nil }
        output.removeLast(Int(stream.avail_out))
        return output
    }
}
