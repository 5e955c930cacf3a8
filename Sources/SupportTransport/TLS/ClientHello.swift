import COpenSSL

/// A client hello as it came, before anything was answered (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).
package struct ClientHello: Sendable, Hashable {
    /// 32 bytes.
    package var random: [UInt8]
    package var legacyVersion: UInt16
    package var sessionID: [UInt8]
    /// As numbers, in the client's order, GREASE values included.
    package var cipherSuites: [UInt16]
    /// The types of all extensions, in their order.
    package var extensions: [UInt16]
    /// The host name in server_name, lower-cased; nil when absent or no plain host name.
    package var serverName: String?
    /// The list in application_layer_protocol_negotiation, in the client's order.
    package var alpn: [String]
    /// The list in supported_versions; only `legacyVersion` when the extension is absent.
    package var versions: [UInt16]
    package var supportedGroups: [UInt16]
    package var signatureAlgorithms: [UInt16]
    /// The TLS records received so far, as they came.
    package var bytes: [UInt8]

    package func offers(_ version: TLSVersion) -> Bool { versions.contains(version.rawValue) }
}

extension ClientHello {
    /// Reads the hello that OpenSSL is asking about. Only valid inside its client-hello callback.
    init(during callback: OpaquePointer, bytes: [UInt8]) {
        let ssl = callback
        random = Self.field(ssl, SSL_client_hello_get0_random)
        legacyVersion = UInt16(truncatingIfNeeded: SSL_client_hello_get0_legacy_version(ssl))
        sessionID = Self.field(ssl, SSL_client_hello_get0_session_id)
        cipherSuites = Self.numbers(Self.field(ssl, SSL_client_hello_get0_ciphers)[...])
        extensions = Self.extensionTypes(ssl)
        serverName = Self.extensionBody(ssl, 0).flatMap(Self.hostName)
        alpn = Self.extensionBody(ssl, 16).map(Self.protocols) ?? []
        supportedGroups = Self.extensionBody(ssl, 10).map { Self.numbers($0.dropFirst(2)) } ?? []
        signatureAlgorithms = Self.extensionBody(ssl, 13).map { Self.numbers($0.dropFirst(2)) } ?? []
        versions = Self.extensionBody(ssl, 43).map { Self.numbers($0.dropFirst(1)) } ?? [legacyVersion]
        self.bytes = bytes
    }

    private typealias Getter = (OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?) -> Int

    private static func field(_ ssl: OpaquePointer, _ get: Getter) -> [UInt8] {
        var start: UnsafePointer<UInt8>?
        let count = get(ssl, &start)
        guard let start, count > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    private static func extensionBody(_ ssl: OpaquePointer, _ type: UInt32) -> ArraySlice<UInt8>? {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard SSL_client_hello_get0_ext(ssl, type, &start, &count) == 1 else { return nil }
        guard let start, count > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    private static func extensionTypes(_ ssl: OpaquePointer) -> [UInt16] {
        var list: UnsafeMutablePointer<Int32>?
        var count = 0
        guard SSL_client_hello_get1_extensions_present(ssl, &list, &count) == 1, let list else { return [] }
        defer { lab_openssl_free(list) }
        return (0..<count).map { UInt16(truncatingIfNeeded: list[$0]) }
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt16] {
        var numbers: [UInt16] = []
        var rest = bytes
        while let high = rest.popFirst(), let low = rest.popFirst() {
            numbers.append(UInt16(high) << 8 | UInt16(low))
        }
        return numbers
    }

    /// The first host_name in a server_name list (RFC 6066 section 3).
    static func hostName(_ list: ArraySlice<UInt8>) -> String? {
        var rest = list.dropFirst(2)
        while let type = rest.popFirst(), let high = rest.popFirst(), let low = rest.popFirst() {
            let name = rest.prefix(Int(high) << 8 | Int(low))
            rest = rest.dropFirst(name.count)
            guard type == 0 else { continue }
            let isPlain = name.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
            guard isPlain, !name.isEmpty, name.count <= 255 else { return nil }
            return String(decoding: name, as: UTF8.self).lowercased()
        }
        return nil
    }

    /// The names in a protocol_name_list (RFC 7301 section 3.1); bytes that are no UTF-8 are replaced.
    static func protocols(_ list: ArraySlice<UInt8>) -> [String] {
        var names: [String] = []
        var rest = list.dropFirst(2)
        while let count = rest.popFirst(), count > 0 {
            let name = rest.prefix(Int(count))
            rest = rest.dropFirst(name.count)
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }
}
