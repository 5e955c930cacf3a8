import COpenSSL

/// The C functions that OpenSSL calls during a handshake. Each finds its connection through the SSL's app data; none calls back
/// into OpenSSL's state machine or out to a handler, they only note what happened.
enum TLSCallbacks {
    static func connection(_ ssl: OpaquePointer?) -> TLSConnection? {
        guard let ssl, let data = lab_ssl_get_app_data(ssl) else { return nil }
        return Unmanaged<TLSConnection>.fromOpaque(data).takeUnretainedValue()
    }

    /// Suspends the handshake at the client hello until there is a decision.
    static let clientHello:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?) -> Int32 = {
            ssl, alert, _ in
            guard let ssl, let connection = TLSCallbacks.connection(ssl) else { return SSL_CLIENT_HELLO_ERROR }
            switch connection.clientHelloArrived(ssl) {
            case .suspend: return SSL_CLIENT_HELLO_RETRY
            case .proceed: return SSL_CLIENT_HELLO_SUCCESS
            case .refuse(let description):
                alert?.pointee = Int32(description.rawValue)
                return SSL_CLIENT_HELLO_ERROR
            }
        }

    /// Picks the first protocol of ours that the client offers; having none in common is fatal (RFC 7301 section 3.2).
    static let selectALPN:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
            UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
        ) -> Int32 = { ssl, selected, selectedCount, offered, offeredCount, _ in
            guard let connection = TLSCallbacks.connection(ssl), let offered, !connection.alpnPreference.isEmpty else {
                return SSL_TLSEXT_ERR_NOACK
            }
            for name in connection.alpnPreference {
                var start = 0
                while start < Int(offeredCount) {
                    let count = Int(offered[start])
                    guard start + 1 + count <= Int(offeredCount) else { break }
                    let candidate = UnsafeBufferPointer(start: offered + start + 1, count: count)
                    if candidate.elementsEqual(name.utf8) {
                        // Points into the client hello, which OpenSSL keeps until it has copied the choice.
                        selected?.pointee = offered + start + 1
                        selectedCount?.pointee = UInt8(count)
                        return SSL_TLSEXT_ERR_OK
                    }
                    start += 1 + count
                }
            }
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }

    static let info: @convention(c) (OpaquePointer?, Int32, Int32) -> Void = { ssl, type, value in
        guard type & SSL_CB_ALERT != 0, let connection = TLSCallbacks.connection(ssl) else { return }
        let alert = TLSAlert(
            level: UInt8(truncatingIfNeeded: value >> 8), number: UInt8(truncatingIfNeeded: value))
        connection.alertPassed(alert, isSent: type & SSL_CB_WRITE != 0)
    }

    static let keyLog: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = { ssl, line in
        guard let line, let connection = TLSCallbacks.connection(ssl) else { return }
        connection.context.keyLog?(String(cString: line))
    }

    /// Notes the first thing wrong with a chain, and the chain itself: OpenSSL forgets a refused one.
    static let verify: @convention(c) (Int32, OpaquePointer?) -> Int32 = { isFine, store in
        guard isFine == 0, let store else { return isFine }
        guard let connection = TLSCallbacks.connection(lab_ssl_of_store_ctx(store)) else { return isFine }
        let code = X509_STORE_CTX_get_error(store)
        connection.verificationFailed(
            TLSConnection.VerificationFailure(
                code: code,
                text: X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)",
                depth: X509_STORE_CTX_get_error_depth(store),
                chain: PresentedChain.der(of: X509_STORE_CTX_get0_untrusted(store))))
        return 0
    }
}
