import SupportQuestions

extension FrameField {
    static let quicDeclarations: [(FrameField, Field)] = [
        (.quic, Field("quic", .label, "a QUIC packet; a frame may hold several")),
        (
            .quicHeaderForm,
            Field("quic.header_form", .unsigned, "1 for a long header, 0 for a short one", valueNames: headerForms)
        ),
        (
            .quicLongPacketType,
            Field(
                "quic.long.packet_type", .unsigned, "type of a packet with a long header", valueNames: longPacketTypes)
        ),
        (.quicVersion, Field("quic.version", .unsigned, "version of a long header", valueNames: versions)),
        (
            .quicSupportedVersion,
            Field(
                "quic.supported_version", .unsigned, "version that a Version Negotiation offers", valueNames: versions)
        ),
        (.quicDcid, Field("quic.dcid", .bytes, "destination connection ID")),
        (.quicScid, Field("quic.scid", .bytes, "source connection ID")),
        (.quicToken, Field("quic.token", .bytes, "token of an Initial packet")),
        (.quicRetryToken, Field("quic.retry_token", .bytes, "token of a Retry")),
        (.quicPacketNumber, Field("quic.packet_number", .unsigned, "number of a packet that was opened")),
        (.quicPacketLength, Field("quic.packet_length", .unsigned, "bytes of the packet")),
        (.quicKeyPhase, Field("quic.key_phase", .boolean, "key phase of a short header that was opened")),
        (.quicConnectionNumber, Field("quic.connection.number", .unsigned, "number of the connection")),
        (
            .quicFrameType,
            Field("quic.frame_type", .unsigned, "type of a frame in an opened packet", valueNames: frameTypes)
        ),
        (
            .quicAckLargestAcknowledged,
            Field("quic.ack.largest_acknowledged", .unsigned, "largest packet number that an ACK names")
        ),
        (.quicStreamStreamId, Field("quic.stream.stream_id", .unsigned, "stream of a STREAM frame")),
        (.quicStreamFin, Field("quic.stream.fin", .boolean, "the STREAM frame ends its stream")),
        (.quicStreamLength, Field("quic.stream.length", .unsigned, "bytes of a STREAM frame that states them")),
        (.quicStreamData, Field("quic.stream_data", .bytes, "payload of a STREAM frame")),
        (.quicCcErrorCode, Field("quic.cc.error_code", .unsigned, "code of QUIC's own in a CONNECTION_CLOSE")),
        (
            .quicCcErrorCodeApp,
            Field("quic.cc.error_code.app", .unsigned, "code of the application's in a CONNECTION_CLOSE")
        ),
        (.quicCcReasonPhrase, Field("quic.cc.reason_phrase", .string, "reason of a CONNECTION_CLOSE")),
    ]

    static let http3Declarations: [(FrameField, Field)] = [
        (.http3, Field("http3", .label, "HTTP/3: the frame completed an HTTP/3 frame")),
        (
            .http3StreamType,
            Field("http3.stream_type", .unsigned, "what a unidirectional stream is for", valueNames: streamTypes)
        ),
        (
            .http3FrameType,
            Field("http3.frame_type", .unsigned, "type of the HTTP/3 frame", valueNames: http3FrameTypes)
        ),
        (.http3FrameLength, Field("http3.frame_length", .unsigned, "bytes of the HTTP/3 frame's payload")),
        (.http3SettingsId, Field("http3.settings.id", .unsigned, "identifier of a setting")),
        (.http3HeadersHeaderName, Field("http3.headers.header.name", .string, "name of a header field")),
        (.http3HeadersHeaderValue, Field("http3.headers.header.value", .string, "value of a header field")),
        (.http3HeadersMethod, Field("http3.headers.method", .string, ":method")),
        (.http3HeadersScheme, Field("http3.headers.scheme", .string, ":scheme")),
        (.http3HeadersAuthority, Field("http3.headers.authority", .string, ":authority")),
        (.http3HeadersPath, Field("http3.headers.path", .string, ":path")),
        (.http3HeadersStatus, Field("http3.headers.status", .unsigned, ":status")),
        (.http3HeadersContentType, Field("http3.headers.content_type", .string, "content-type")),
        (.http3Data, Field("http3.data", .bytes, "payload of a DATA frame, as far as this packet brought it")),
    ]

    private static let headerForms: [String: UInt64] = ["Short Header": 0, "Long Header": 1]

    private static let longPacketTypes: [String: UInt64] = ["Initial": 0, "0-RTT": 1, "Handshake": 2, "Retry": 3]

    private static let versions: [String: UInt64] = ["Version Negotiation": 0, "1": 1, "2": 0x6b33_43cf]

    private static let streamTypes: [String: UInt64] = [
        "Control Stream": 0, "Push Stream": 1, "QPACK Encoder Stream": 2, "QPACK Decoder Stream": 3,
    ]

    static let http3FrameTypes: [String: UInt64] = [
        "DATA": 0, "HEADERS": 1, "CANCEL_PUSH": 3, "SETTINGS": 4, "PUSH_PROMISE": 5, "GOAWAY": 7, "MAX_PUSH_ID": 0xd,
    ]

    static let frameTypes: [String: UInt64] = [
        "PADDING": 0, "PING": 1, "ACK": 2, "ACK_ECN": 3, "RESET_STREAM": 4, "STOP_SENDING": 5, "CRYPTO": 6,
        "NEW_TOKEN": 7, "STREAM": 8, "MAX_DATA": 0x10, "MAX_STREAM_DATA": 0x11, "MAX_STREAMS (BIDI)": 0x12,
        "MAX_STREAMS (UNI)": 0x13, "DATA_BLOCKED": 0x14, "STREAM_DATA_BLOCKED": 0x15, "STREAMS_BLOCKED (BIDI)": 0x16,
        "STREAMS_BLOCKED (UNI)": 0x17, "NEW_CONNECTION_ID": 0x18, "RETIRE_CONNECTION_ID": 0x19,
        "PATH_CHALLENGE": 0x1a, "PATH_RESPONSE": 0x1b, "CONNECTION_CLOSE (Transport)": 0x1c,
        "CONNECTION_CLOSE (Application)": 0x1d, "HANDSHAKE_DONE": 0x1e, "DATAGRAM": 0x30,
    ]
}
