import COpenSSL

/// The error queue of OpenSSL. It belongs to the thread, which all connections of an event loop share: it is emptied before
/// each call and read right after it.
enum OpenSSLErrors {
    static func clear() { ERR_clear_error() }

    /// The reasons in the queue, oldest first, and empties it. At most eight: the rest only repeats how the first came up.
    static func drain() -> [OpenSSLError] {
        var errors: [OpenSSLError] = []
        while true {
            let code = ERR_get_error()
            guard code != 0 else { return errors }
            guard errors.count < 8 else { continue }
            // ERR_GET_REASON and ERR_GET_LIB are inline functions of <openssl/err.h>.
            let text = ERR_reason_error_string(code).map { String(cString: $0) }
            errors.append(
                OpenSSLError(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code), text: text ?? "error \(code)"))
        }
    }
}

/// One entry of OpenSSL's error queue.
struct OpenSSLError: Sendable, Hashable {
    var library: Int32
    var reason: Int32
    var text: String
}
