import COpenSSL

/// Reads the parts of an X509 into values; every function tolerates what a hostile certificate can hold.
enum CertificateReading {
    static func der(of handle: OpaquePointer) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(handle, &start)
        defer { lab_openssl_free(start) }
        return Array(UnsafeBufferPointer(start: start, count: max(0, Int(count))))
    }

    static func text(of name: OpaquePointer?) -> String {
        guard let name, let buffer = try? MemoryBuffer(), lab_x509_name_print(buffer.handle, name) >= 0 else {
            return ""
        }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    static func commonName(of name: OpaquePointer?) -> String? {
        var length: Int32 = 0
        guard let name, let text = lab_x509_common_name(name, &length) else { return nil }
        defer { lab_openssl_free(text) }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
    }

    static func serialNumber(of handle: OpaquePointer) -> [UInt8] {
        var length: Int32 = 0
        let start = lab_x509_serial(handle, &length)
        return Array(UnsafeBufferPointer(start: start, count: Int(length)))
    }

    static func validity(of handle: OpaquePointer) -> (Int64, Int64) {
        var from: Int64 = 0
        var until: Int64 = 0
        // A malformed date is treated as the stricter one: never valid.
        if lab_x509_not_before(handle, &from) != 1 { from = .max }
        if lab_x509_not_after(handle, &until) != 1 { until = .min }
        return (nanoseconds(from), nanoseconds(until))
    }

    private static func nanoseconds(_ seconds: Int64) -> Int64 {
        let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard overflow else { return value }
        return seconds > 0 ? .max : .min
    }

    static func alternativeNames(of handle: OpaquePointer) -> [SubjectAlternativeName] {
        guard let names = lab_x509_alternative_names(handle) else { return [] }
        defer { lab_general_names_free(names) }
        return (0..<max(0, lab_general_names_count(names))).map { index in
            var start: UnsafePointer<UInt8>?
            var length: Int32 = 0
            let kind = lab_general_name(names, index, &start, &length)
            let bytes = Array(UnsafeBufferPointer(start: start, count: max(0, Int(length))))
            return switch kind {
            case GEN_DNS: .dns(String(decoding: bytes, as: UTF8.self))
            case GEN_IPADD: .ip(bytes)
            case GEN_EMAIL: .email(String(decoding: bytes, as: UTF8.self))
            case GEN_URI: .uri(String(decoding: bytes, as: UTF8.self))
            default: .other(kind)
            }
        }
    }

    static func basicConstraints(of handle: OpaquePointer) -> (Bool, Int?) {
        var isAuthority: Int32 = 0
        var pathLength: Int = -1
        var critical: Int32 = 0
        guard lab_x509_basic_constraints(handle, &isAuthority, &pathLength, &critical) == 1 else { return (false, nil) }
        return (isAuthority == 1, pathLength >= 0 ? pathLength : nil)
    }

    static func keyUsage(of handle: OpaquePointer) -> KeyUsage? {
        let bits = X509_get_key_usage(handle)
        return bits == UInt32.max ? nil : KeyUsage(rawValue: bits)
    }

    static func extendedKeyUsage(of handle: OpaquePointer) -> [String] {
        var found: [String] = []
        var text = [CChar](repeating: 0, count: 128)
        // A certificate with more purposes than this is an attack on whoever lists them.
        while found.count < 64 {
            let length = lab_x509_extended_key_usage(handle, Int32(found.count), &text, Int32(text.count))
            guard length > 0 else { break }
            found.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return found
    }

    static func bytes(of string: UnsafePointer<ASN1_OCTET_STRING>?) -> [UInt8]? {
        guard let string else { return nil }
        var length: Int32 = 0
        let start = lab_asn1_bytes(string, &length)
        return Array(UnsafeBufferPointer(start: start, count: max(0, Int(length))))
    }

    static func publicKeySHA256(of handle: OpaquePointer) -> [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(handle), &start)
        defer { lab_openssl_free(start) }
        return x509SHA256(Array(UnsafeBufferPointer(start: start, count: max(0, Int(count)))))
    }
}
