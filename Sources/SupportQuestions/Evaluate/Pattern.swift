import CPCRE2

/// A compiled regular expression, case-insensitive as Wireshark's `matches`, over bytes, with limits on the work.
final class Pattern: @unchecked Sendable {
    // Safe to share: PCRE2 never changes compiled code, and every match brings data of its own (pcre2api, MULTITHREADING).
    private let code: OpaquePointer
    private let context: OpaquePointer?

    struct Problem: Error, Sendable, Hashable {
        let message: String
        /// Where in the pattern, in bytes.
        let offset: Int
    }

    /// How much backtracking a match may do before it counts as no match.
    private static let matchLimit: UInt32 = 200_000
    private static let heapLimit: UInt32 = 4_096

    init(_ pattern: [UInt8]) throws(Problem) {
        var error: Int32 = 0
        var offset = 0
        let options = UInt32(PCRE2_CASELESS) | UInt32(PCRE2_NEVER_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        guard let code = pcre2_compile_8(pattern, pattern.count, options, &error, &offset, nil) else {
            var text = [UInt8](repeating: 0, count: 200)
            pcre2_get_error_message_8(error, &text, text.count)
            throw Problem(message: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self), offset: offset)
        }
        self.code = code
        context = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimit)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_code_free_8(code)
    }

    func matches(_ subject: some Collection<UInt8>) -> Bool {
        if let result = subject.withContiguousStorageIfAvailable({ matches($0) }) { return result }
        return Array(subject).withUnsafeBufferPointer { matches($0) }
    }

    private func matches(_ subject: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let data = pcre2_match_data_create_8(1, nil) else { return false }
        defer { pcre2_match_data_free_8(data) }
        // An empty buffer may have no address, which PCRE2 takes only with length zero.
        return pcre2_match_8(code, subject.baseAddress, subject.count, 0, 0, data, context) >= 0
    }
}
