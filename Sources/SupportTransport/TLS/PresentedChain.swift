import COpenSSL

/// The certificates of a chain that OpenSSL holds, as DER.
enum PresentedChain {
    /// In the stack's order; `stack` is a STACK_OF(X509) or nil.
    static func der(of stack: OpaquePointer?) -> [[UInt8]] {
        let stack = stack.map { UnsafeRawPointer($0) }
        return (0..<max(0, lab_x509_stack_count(stack))).compactMap { index in
            lab_x509_stack_at(stack, index).map(der(ofCertificate:))
        }
    }

    private static func der(ofCertificate certificate: OpaquePointer) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(certificate, &start)
        guard count > 0, let start else { return [] }
        defer { lab_openssl_free(start) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }
}
