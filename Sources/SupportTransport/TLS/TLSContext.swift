import COpenSSL
import SupportCrypto

/// What many TLS connections of one role share: versions, ciphers, roots, key log.
///
/// `@unchecked Sendable`: the SSL_CTX is configured in `init` only; making connections from it is thread-safe in OpenSSL.
package final class TLSContext: @unchecked Sendable {
    /// What both roles can pin.
    package struct Parameters: Sendable {
        package var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
        /// Ciphers up to TLS 1.2 in OpenSSL's notation; nil for its default list.
        package var cipherList: String?
        /// Cipher suites of TLS 1.3, colon-separated; nil for the default list.
        package var cipherSuites: String?
        /// Groups for key exchange in OpenSSL's notation, as `X25519:P-256`; nil for the default list.
        package var groups: String?
        /// Off, so that every handshake is a full one and shows its certificate.
        package var sessionTickets = false
        /// Gets every line of the NSS key log, without line end, on the thread of the connection.
        package var keyLog: (@Sendable (String) -> Void)?

        package init() {}
    }

    package enum Verification: Sendable, Hashable {
        /// Chain, dates and name.
        case full
        /// Nothing; the session then has no verified chain.
        case off
    }

    let role: Role
    let raw: OpaquePointer
    let keyLog: (@Sendable (String) -> Void)?
    let verification: Verification

    enum Role { case client, server }

    /// A server side. Certificates are given per connection, with the decision about its client hello.
    package static func server(_ parameters: Parameters = Parameters()) throws -> TLSContext {
        let context = try TLSContext(role: .server, parameters: parameters, verification: .off)
        SSL_CTX_set_client_hello_cb(context.raw, TLSCallbacks.clientHello, nil)
        SSL_CTX_set_alpn_select_cb(context.raw, TLSCallbacks.selectALPN, nil)
        return context
    }

    /// A client side that verifies its peers with `roots` and offers `alpn` in that order.
    package static func client(
        roots: CertificateStore, alpn: [String] = [], verification: Verification = .full,
        _ parameters: Parameters = Parameters()
    ) throws -> TLSContext {
        let context = try TLSContext(role: .client, parameters: parameters, verification: verification)
        if verification == .full {
            SSL_CTX_set1_cert_store(context.raw, roots.handle)
            SSL_CTX_set_verify(context.raw, SSL_VERIFY_PEER, TLSCallbacks.verify)
        } else {
            SSL_CTX_set_verify(context.raw, SSL_VERIFY_NONE, nil)
        }
        if !alpn.isEmpty {
            let wire = try encodeALPN(alpn)
            guard SSL_CTX_set_alpn_protos(context.raw, wire, UInt32(wire.count)) == 0 else {
                throw TLSFailure.configuration("the list of application protocols is not accepted")
            }
        }
        return context
    }

    private init(role: Role, parameters: Parameters, verification: Verification) throws {
        OpenSSLErrors.clear()
        guard let raw = SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method()) else {
            throw TLSFailure.configuration("no TLS context")
        }
        self.role = role
        self.raw = raw
        self.keyLog = parameters.keyLog
        self.verification = verification
        lab_ssl_ctx_set_defaults(raw)
        if !parameters.sessionTickets { lab_ssl_ctx_disable_resumption(raw) }
        try apply(parameters)
        SSL_CTX_set_info_callback(raw, TLSCallbacks.info)
        if keyLog != nil { SSL_CTX_set_keylog_callback(raw, TLSCallbacks.keyLog) }
    }

    deinit { SSL_CTX_free(raw) }

    private func apply(_ parameters: Parameters) throws {
        let versions = parameters.versions
        let isRangeSet = lab_ssl_ctx_set_version_range(
            raw, Int32(versions.lowerBound.rawValue), Int32(versions.upperBound.rawValue))
        guard isRangeSet == 1 else { throw TLSFailure.configuration("the TLS versions \(versions) are not available") }
        if let list = parameters.cipherList, SSL_CTX_set_cipher_list(raw, list) != 1 {
            throw TLSFailure.configuration("the cipher list \(list) is not accepted")
        }
        if let suites = parameters.cipherSuites, SSL_CTX_set_ciphersuites(raw, suites) != 1 {
            throw TLSFailure.configuration("the cipher suites \(suites) are not accepted")
        }
        if let groups = parameters.groups, lab_ssl_ctx_set_groups(raw, groups) != 1 {
            throw TLSFailure.configuration("the groups \(groups) are not accepted")
        }
    }

    static func encodeALPN(_ names: [String]) throws -> [UInt8] {
        var wire: [UInt8] = []
        for name in names {
            guard let count = UInt8(exactly: name.utf8.count), count > 0 else {
                throw TLSFailure.configuration("an application protocol has 1 to 255 bytes")
            }
            wire.append(count)
            wire.append(contentsOf: name.utf8)
        }
        return wire
    }
}
