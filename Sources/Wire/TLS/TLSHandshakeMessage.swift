/// The kinds of handshake messages that matter to an observer (RFC 8446, section 4; RFC 5246, section 7.4).
package enum TLSHandshakeType {
    package static let clientHello: UInt8 = 1
    package static let serverHello: UInt8 = 2
    package static let newSessionTicket: UInt8 = 4
    package static let encryptedExtensions: UInt8 = 8
    package static let certificate: UInt8 = 11
    package static let finished: UInt8 = 20
    package static let keyUpdate: UInt8 = 24
}

/// A handshake message as it was put together from its records, parsed where its content is of use.
package struct TLSHandshakeMessage: Sendable {
    package enum Content: Sendable {
        case clientHello(TLSClientHello)
        case serverHello(TLSServerHello)
        /// Extensions of TLS 1.3 that the server sends encrypted; of them the application protocol.
        case encryptedExtensions(applicationProtocol: String?)
        /// DER, the server's or client's own first.
        case certificate([[UInt8]])
        case other
    }

    package let type: UInt8
    package let content: Content

    /// Parses the body of a message. `isTLS13` decides how certificates are written.
    init(type: UInt8, body: UnsafeRawBufferPointer, isTLS13: Bool) {
        self.type = type
        var reader = ByteReader(body)
        content =
            switch type {
            case TLSHandshakeType.clientHello: TLSClientHello(&reader).map(Content.clientHello) ?? .other
            case TLSHandshakeType.serverHello: TLSServerHello(&reader).map(Content.serverHello) ?? .other
            case TLSHandshakeType.encryptedExtensions:
                .encryptedExtensions(applicationProtocol: TLSExtensions(&reader).applicationProtocols.first)
            case TLSHandshakeType.certificate:
                .certificate(Self.certificates(&reader, isTLS13: isTLS13))
            default: .other
            }
    }

    private static func certificates(_ reader: inout ByteReader, isTLS13: Bool) -> [[UInt8]] {
        if isTLS13 { guard reader.vector8() != nil else { return [] } }
        guard let length = reader.u24(), var list = reader.sub(Int(length)) else { return [] }
        var certificates: [[UInt8]] = []
        while let length = list.u24(), let certificate = list.array(Int(length)) {
            certificates.append(certificate)
            if isTLS13, list.vector16() == nil { break }
        }
        return certificates
    }
}

/// What a client offers.
package struct TLSClientHello: Sendable {
    package let legacyVersion: UInt16
    package let random: [UInt8]
    package let sessionID: [UInt8]
    package let cipherSuites: [UInt16]
    package let extensions: TLSExtensions

    /// Nil for a body that is cut or contradicts its own lengths.
    package init?(_ reader: inout ByteReader) {
        guard let version = reader.u16(), let random = reader.array(32), var session = reader.vector8(),
            let sessionID = session.array(session.remaining), var suites = reader.vector16(), reader.vector8() != nil
        else { return nil }
        legacyVersion = version
        self.random = random
        self.sessionID = sessionID
        var codes: [UInt16] = []
        while let code = suites.u16() { codes.append(code) }
        cipherSuites = codes
        extensions = TLSExtensions(&reader)
    }
}

/// What a server chose.
package struct TLSServerHello: Sendable {
    package let legacyVersion: UInt16
    package let random: [UInt8]
    package let sessionID: [UInt8]
    package let cipherSuite: UInt16
    package let extensions: TLSExtensions

    /// Nil for a body that is cut or contradicts its own lengths.
    package init?(_ reader: inout ByteReader) {
        guard let version = reader.u16(), let random = reader.array(32), var session = reader.vector8(),
            let sessionID = session.array(session.remaining), let suite = reader.u16(), reader.u8() != nil
        else { return nil }
        legacyVersion = version
        self.random = random
        self.sessionID = sessionID
        cipherSuite = suite
        extensions = TLSExtensions(&reader)
    }

    /// The version that counts: that of the extension where there is one.
    package var version: UInt16 { extensions.supportedVersions.first ?? legacyVersion }

    /// A HelloRetryRequest is a ServerHello with this random: SHA-256 of its own name (RFC 8446, section 4.1.3).
    package var isHelloRetryRequest: Bool {
        random == [
            0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2,
            0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
        ]
    }
}

/// Those extensions of a hello that an observer needs.
package struct TLSExtensions: Sendable {
    package private(set) var types: [UInt16] = []
    package private(set) var serverName: String?
    package private(set) var applicationProtocols: [String] = []
    package private(set) var supportedVersions: [UInt16] = []
    package private(set) var offersEarlyData = false

    /// Reads the vector of extensions as far as it makes sense; none at all is allowed.
    init(_ reader: inout ByteReader) {
        guard var list = reader.vector16() else { return }
        while let type = list.u16(), var body = list.vector16() {
            types.append(type)
            switch type {
            case 0: serverName = Self.serverName(&body)
            case 16: applicationProtocols = Self.applicationProtocols(&body)
            case 42: offersEarlyData = true
            case 43: supportedVersions = Self.supportedVersions(&body)
            default: break
            }
        }
    }

    private static func serverName(_ body: inout ByteReader) -> String? {
        guard var list = body.vector16() else { return nil }
        while let kind = list.u8(), var name = list.vector16() {
            if kind == 0 { return name.array(name.remaining).map { String(decoding: $0, as: UTF8.self) } }
        }
        return nil
    }

    private static func applicationProtocols(_ body: inout ByteReader) -> [String] {
        guard var list = body.vector16() else { return [] }
        var names: [String] = []
        while var name = list.vector8() {
            name.array(name.remaining).map { names.append(String(decoding: $0, as: UTF8.self)) }
        }
        return names
    }

    /// A client offers a list behind one byte of length, a server answers with one version.
    private static func supportedVersions(_ body: inout ByteReader) -> [UInt16] {
        if body.remaining == 2 { return body.u16().map { [$0] } ?? [] }
        guard var list = body.vector8() else { return [] }
        var versions: [UInt16] = []
        while let version = list.u16() { versions.append(version) }
        return versions
    }
}
