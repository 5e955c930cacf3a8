import SupportQuestions
import Wire

/// Handshake messages, which TLS carries in records and QUIC in frames of its own.
extension CurrentFrame {
    /// The fields of a handshake message, and what it is called in the line of the frame.
    func add(_ message: TLSHandshakeMessage, _ protocolName: String) {
        add(.tlsHandshake, .label)
        add(.tlsHandshakeType, .unsigned(UInt64(message.type)))
        var text = ValueNames.tlsHandshakeTypes.first { $0.value == UInt64(message.type) }?.key ?? "Handshake"
        switch message.content {
        case .clientHello(let hello):
            add(.tlsHandshakeVersion, .unsigned(UInt64(hello.legacyVersion)))
            add(.tlsHandshakeRandom, .bytes(hello.random))
            if !hello.sessionID.isEmpty { add(.tlsHandshakeSessionId, .bytes(hello.sessionID)) }
            for suite in hello.cipherSuites { add(.tlsHandshakeCiphersuite, .unsigned(UInt64(suite))) }
            add(hello.extensions)
            if let name = hello.extensions.serverName { text += " (SNI=\(name))" }
        case .serverHello(let hello):
            add(.tlsHandshakeVersion, .unsigned(UInt64(hello.legacyVersion)))
            add(.tlsHandshakeRandom, .bytes(hello.random))
            if !hello.sessionID.isEmpty { add(.tlsHandshakeSessionId, .bytes(hello.sessionID)) }
            add(.tlsHandshakeCiphersuite, .unsigned(UInt64(hello.cipherSuite)))
            add(hello.extensions)
            if hello.isHelloRetryRequest { text = "Hello Retry Request" }
        case .encryptedExtensions(let name):
            if let name { add(.tlsHandshakeExtensionsAlpnStr, .string(name)) }
        case .certificate, .other: break
        }
        describe(protocolName, text)
    }

    private func add(_ extensions: TLSExtensions) {
        for version in extensions.supportedVersions {
            add(.tlsHandshakeExtensionsSupportedVersion, .unsigned(UInt64(version)))
        }
        if let name = extensions.serverName { add(.tlsHandshakeExtensionsServerName, .string(name)) }
        for name in extensions.applicationProtocols { add(.tlsHandshakeExtensionsAlpnStr, .string(name)) }
    }
}
