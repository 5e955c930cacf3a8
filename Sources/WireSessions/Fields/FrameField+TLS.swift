import SupportQuestions

extension FrameField {
    static let tlsDeclarations: [(FrameField, Field)] = [
        (.tls, Field("tls", .label, "Transport Layer Security: a record ended in the frame")),
        (
            .tlsRecordContentType,
            Field(
                "tls.record.content_type", .unsigned,
                "what the record holds; for TLS 1.3 what it held before encryption, where it could be opened",
                valueNames: ValueNames.tlsContentTypes, bits: 8)
        ),
        (
            .tlsRecordOpaqueType,
            Field(
                "tls.record.opaque_type", .unsigned, "type written on an encrypted TLS 1.3 record, always 23", bits: 8)
        ),
        (
            .tlsRecordVersion,
            Field(
                "tls.record.version", .unsigned, "version written on the record; 0x0303 for TLS 1.2 and 1.3",
                valueNames: ValueNames.tlsVersions, bits: 16)
        ),
        (.tlsRecordLength, Field("tls.record.length", .unsigned, "bytes of the record after its header", bits: 16)),
        (.tlsAppData, Field("tls.app_data", .bytes, "encrypted application data, as it is on the wire")),
        (.tlsHandshake, Field("tls.handshake", .label, "a handshake message")),
        (
            .tlsHandshakeType,
            Field(
                "tls.handshake.type", .unsigned, "kind of the handshake message",
                valueNames: ValueNames.tlsHandshakeTypes, bits: 8)
        ),
        (
            .tlsHandshakeVersion,
            Field(
                "tls.handshake.version", .unsigned, "version in a hello, 0x0303 for TLS 1.2 and 1.3",
                valueNames: ValueNames.tlsVersions, bits: 16)
        ),
        (
            .tlsHandshakeRandom,
            Field(
                "tls.handshake.random", .bytes,
                "random of a hello; that of the client is the name of the connection in a key log")
        ),
        (.tlsHandshakeSessionId, Field("tls.handshake.session_id", .bytes, "session id of a hello")),
        (
            .tlsHandshakeCiphersuite,
            Field(
                "tls.handshake.ciphersuite", .unsigned, "cipher suite offered or chosen",
                valueNames: ValueNames.tlsSuites, bits: 16)
        ),
        (
            .tlsHandshakeExtensionsSupportedVersion,
            Field(
                "tls.handshake.extensions.supported_version", .unsigned, "version offered or chosen by the extension",
                valueNames: ValueNames.tlsVersions, bits: 16)
        ),
        (
            .tlsHandshakeExtensionsServerName,
            Field("tls.handshake.extensions_server_name", .string, "name of the server that the client asks for")
        ),
        (
            .tlsHandshakeExtensionsAlpnStr,
            Field("tls.handshake.extensions_alpn_str", .string, "application protocol offered or chosen")
        ),
        (.tlsAlertMessage, Field("tls.alert_message", .label, "an alert")),
        (
            .tlsAlertMessageLevel,
            Field(
                "tls.alert_message.level", .unsigned, "1 warning, 2 fatal", valueNames: ValueNames.tlsAlertLevels,
                bits: 8)
        ),
        (
            .tlsAlertMessageDesc,
            Field(
                "tls.alert_message.desc", .unsigned, "what the alert complains of", valueNames: ValueNames.tlsAlerts,
                bits: 8)
        ),
    ]
}
