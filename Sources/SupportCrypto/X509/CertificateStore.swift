import COpenSSL
import Glibc

/// Roots to verify chains against.
///
/// Filled at creation and never changed after that, hence shared freely: an X509_STORE is read under its own lock.
package final class CertificateStore: @unchecked Sendable {
    /// The X509_STORE. Valid while this object lives; whoever hands it to OpenSSL for longer takes a reference.
    package let handle: OpaquePointer
    package let roots: [Certificate]

    package init(roots: [Certificate]) throws(CertificateError) {
        guard let store = X509_STORE_new() else { throw .openSSL("make a certificate store") }
        handle = store
        self.roots = roots
        for root in roots where X509_STORE_add_cert(store, root.handle) != 1 {
            throw .openSSL("add a root to a certificate store")
        }
    }

    deinit { X509_STORE_free(handle) }

    /// Reads every certificate of PEM files; blocks that are none are passed over.
    package convenience init(bundles paths: [String]) throws(CertificateError) {
        var roots: [Certificate] = []
        for path in paths { roots += CertificateBundle(pem: try PrivateFile.read(path)).certificates }
        try self.init(roots: roots)
    }

    /// Builds and checks the chain from `leaf` up to a root for a TLS server named `host`.
    ///
    /// - Parameters:
    ///   - intermediates: what the server sent besides its own certificate, in any order.
    ///   - host: a DNS name or an address; nil leaves the name unchecked.
    ///   - now: nanoseconds since 1970.
    ///   - strict: the additional rules of RFC 5280 that OpenSSL checks on request and Python 3.13 by default.
    package func verify(
        _ leaf: Certificate, intermediates: [Certificate] = [], host: SubjectAlternativeName?, now: Int64,
        strict: Bool = false
    ) -> ChainVerdict {
        guard let context = X509_STORE_CTX_new(), let untrusted = lab_x509_stack_new() else {
            return .rejected(ChainRejection(code: X509_V_ERR_OUT_OF_MEM, depth: 0, subject: leaf.subject))
        }
        defer {
            X509_STORE_CTX_free(context)
            lab_x509_stack_free(untrusted)
            ERR_clear_error()
        }
        for certificate in intermediates { _ = lab_x509_stack_push(untrusted, certificate.handle) }
        guard lab_x509_store_ctx_init(context, handle, leaf.handle, untrusted) == 1,
            let rules = X509_STORE_CTX_get0_param(context)
        else { return .rejected(ChainRejection(code: X509_V_ERR_UNSPECIFIED, depth: 0, subject: leaf.subject)) }
        X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER)
        X509_VERIFY_PARAM_set_time(rules, time_t(now / 1_000_000_000))
        X509_VERIFY_PARAM_set_hostflags(rules, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        if strict { X509_VERIFY_PARAM_set_flags(rules, UInt(X509_V_FLAG_X509_STRICT)) }
        switch host {
        case .dns(let name): X509_VERIFY_PARAM_set1_host(rules, name, name.utf8.count)
        case .ip(let bytes): X509_VERIFY_PARAM_set1_ip(rules, bytes, bytes.count)
        default: break
        }
        let answer = X509_verify_cert(context)
        guard answer == 1 else {
            let code = X509_STORE_CTX_get_error(context)
            let subject = X509_STORE_CTX_get_current_cert(context).map {
                CertificateReading.text(of: X509_get_subject_name($0))
            }
            return .rejected(
                ChainRejection(
                    code: code == X509_V_OK ? X509_V_ERR_UNSPECIFIED : code,
                    depth: Int(X509_STORE_CTX_get_error_depth(context)), subject: subject ?? leaf.subject))
        }
        return .trusted(chain: Self.chain(of: context))
    }

    private static func chain(of context: OpaquePointer) -> [Certificate] {
        let built = lab_x509_store_ctx_chain(context)
        return (0..<max(0, lab_x509_stack_count(built))).compactMap { index in
            guard let entry = lab_x509_stack_at(built, index), X509_up_ref(entry) == 1 else { return nil }
            return try? Certificate(owning: entry)
        }
    }
}
