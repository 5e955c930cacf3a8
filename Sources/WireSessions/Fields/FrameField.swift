import SupportQuestions

/// The fields of the `frame` table, each case's raw value being its slot.
///
/// Names, types and meaning are Wireshark's (`tshark -G fields`), so that a question about packets reads the same there.
package enum FrameField: Int, CaseIterable, Sendable {
    // Link, network and transport layer.
    case frame
    case frameNumber
    case frameTime
    case frameTimeEpoch
    case frameTimeRelative
    case frameTimeDelta
    case frameLen
    case frameCapLen
    case frameProtocols
    case frameInterfaceId
    case eth
    case ethDst
    case ethSrc
    case ethAddr
    case ethType
    case vlan
    case vlanId
    case arp
    case arpOpcode
    case arpSrcProtoIpv4
    case arpDstProtoIpv4
    case ip
    case ipVersion
    case ipLen
    case ipId
    case ipTtl
    case ipProto
    case ipSrc
    case ipDst
    case ipAddr
    case ipv6
    case ipv6Plen
    case ipv6Nxt
    case ipv6Hlim
    case ipv6Src
    case ipv6Dst
    case ipv6Addr
    case icmp
    case icmpType
    case icmpCode
    case icmpIdent
    case icmpSeq
    case icmpv6
    case icmpv6Type
    case icmpv6Code
    case icmpv6EchoIdentifier
    case icmpv6EchoSequenceNumber
    case udp
    case udpSrcport
    case udpDstport
    case udpPort
    case udpLength
    case tcp
    case tcpSrcport
    case tcpDstport
    case tcpPort
    case tcpStream
    case tcpLen
    case tcpSeq
    case tcpSeqRaw
    case tcpAck
    case tcpAckRaw
    case tcpFlags
    case tcpFlagsFin
    case tcpFlagsSyn
    case tcpFlagsReset
    case tcpFlagsPush
    case tcpFlagsAck
    case tcpWindowSizeValue
    case tcpWindowSize
    case tcpPayload
    case dns
    case dnsId
    case dnsFlagsResponse
    case dnsFlagsRcode
    case dnsCountAnswers
    case dnsQryName
    case dnsQryType
    case dnsRespName
    case dnsRespType
    case dnsA
    case dnsAaaa
    case dnsCname
    // Transport Layer Security and QUIC.
    case tls
    case tlsRecordContentType
    case tlsRecordOpaqueType
    case tlsRecordVersion
    case tlsRecordLength
    case tlsAppData
    case tlsHandshake
    case tlsHandshakeType
    case tlsHandshakeVersion
    case tlsHandshakeRandom
    case tlsHandshakeSessionId
    case tlsHandshakeCiphersuite
    case tlsHandshakeExtensionsSupportedVersion
    case tlsHandshakeExtensionsServerName
    case tlsHandshakeExtensionsAlpnStr
    case tlsAlertMessage
    case tlsAlertMessageLevel
    case tlsAlertMessageDesc
    case quic
    case quicHeaderForm
    case quicLongPacketType
    case quicVersion
    case quicSupportedVersion
    case quicDcid
    case quicScid
    case quicToken
    case quicRetryToken
    case quicPacketNumber
    case quicPacketLength
    case quicKeyPhase
    case quicConnectionNumber
    case quicFrameType
    case quicAckLargestAcknowledged
    case quicStreamStreamId
    case quicStreamFin
    case quicStreamLength
    case quicStreamData
    case quicCcErrorCode
    case quicCcErrorCodeApp
    case quicCcReasonPhrase
    // HTTP in all its versions.
    case http
    case httpRequest
    case httpResponse
    case httpRequestMethod
    case httpRequestUri
    case httpRequestFullUri
    case httpRequestVersion
    case httpResponseVersion
    case httpResponseCode
    case httpResponsePhrase
    case httpHost
    case httpUserAgent
    case httpAccept
    case httpReferer
    case httpCookie
    case httpAuthorization
    case httpProxyAuthorization
    case httpXForwardedFor
    case httpConnection
    case httpContentType
    case httpContentEncoding
    case httpContentLengthHeader
    case httpContentLength
    case httpTransferEncoding
    case httpDate
    case httpServer
    case httpLocation
    case httpSetCookie
    case httpFileData
    case http2
    case http2Length
    case http2Type
    case http2Flags
    case http2Streamid
    case http2HeaderName
    case http2HeaderValue
    case http2HeadersMethod
    case http2HeadersScheme
    case http2HeadersAuthority
    case http2HeadersPath
    case http2HeadersStatus
    case http2HeadersContentType
    case http2DataData
    case http3
    case http3StreamType
    case http3FrameType
    case http3FrameLength
    case http3SettingsId
    case http3HeadersHeaderName
    case http3HeadersHeaderValue
    case http3HeadersMethod
    case http3HeadersScheme
    case http3HeadersAuthority
    case http3HeadersPath
    case http3HeadersStatus
    case http3HeadersContentType
    case http3Data
    // The bytes of protocols, from their first to the last that the capture kept.
    case frameBytes
    case ethBytes
    case arpBytes
    case ipBytes
    case ipv6Bytes
    case icmpBytes
    case icmpv6Bytes
    case udpBytes
    case tcpBytes
    case dnsBytes

    /// The field's position in `FrameTable.table`.
    package var slot: Int { rawValue }

    /// For each field the position of the protocol it belongs to: the last one named before it.
    static let protocols: [Int] = {
        var home = 0
        return FrameTable.table.fields.enumerated().map { index, field in
            if !field.name.contains(".") { home = index }
            return Table.owner(ofBytes: field.name).flatMap { FrameTable.table.slot(of: $0) } ?? home
        }
    }()
}
