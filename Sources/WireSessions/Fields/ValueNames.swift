import Wire

/// Names that questions may use for numbers: those of the RFCs, and Wireshark's where they differ.
package enum ValueNames {
    static let arpOpcodes: [String: UInt64] = ["request": 1, "reply": 2]

    static let etherTypes: [String: UInt64] = [
        "IPv4": 0x0800, "ARP": 0x0806, "802.1Q Virtual LAN": 0x8100, "IPv6": 0x86DD,
        "802.1ad Provider Bridge (Q-in-Q)": 0x88A8,
    ]

    static let ipProtocols: [String: UInt64] = [
        "ICMP": 1, "IGMP": 2, "TCP": 6, "UDP": 17, "IPv6": 41, "Generic Routing Encapsulation": 47,
        "Encap Security Payload": 50, "Authentication Header": 51, "ICMPv6": 58, "OSPF IGP": 89, "SCTP": 132,
    ]

    static let set: [String: UInt64] = ["Set": 1, "Not set": 0]

    static let icmpTypes: [String: UInt64] = [
        "Echo (ping) reply": 0, "Destination unreachable": 3, "Redirect": 5, "Echo (ping) request": 8,
        "Time-to-live exceeded": 11, "Parameter problem": 12,
    ]

    static let icmpv6Types: [String: UInt64] = [
        "Destination Unreachable": 1, "Packet Too Big": 2, "Time Exceeded": 3, "Parameter Problem": 4,
        "Echo (ping) request": 128, "Echo (ping) reply": 129, "Router Solicitation": 133, "Router Advertisement": 134,
        "Neighbor Solicitation": 135, "Neighbor Advertisement": 136,
    ]

    static let dnsTypes: [String: UInt64] = [
        "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SVCB": 64, "HTTPS": 65,
    ]

    static let dnsCodes: [String: UInt64] = [
        "No error": 0, "Format error": 1, "Server failure": 2, "No such name": 3, "Not implemented": 4, "Refused": 5,
    ]

    static let tlsContentTypes: [String: UInt64] = [
        "Change Cipher Spec": 20, "Alert": 21, "Handshake": 22, "Application Data": 23,
    ]

    package static let tlsVersions: [String: UInt64] = [
        "SSL 3.0": 0x0300, "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303, "TLS 1.3": 0x0304,
    ]

    static let tlsHandshakeTypes: [String: UInt64] = [
        "Hello Request": 0, "Client Hello": 1, "Server Hello": 2, "New Session Ticket": 4, "End of Early Data": 5,
        "Encrypted Extensions": 8, "Certificate": 11, "Server Key Exchange": 12, "Certificate Request": 13,
        "Server Hello Done": 14, "Certificate Verify": 15, "Client Key Exchange": 16, "Finished": 20,
        "Certificate Status": 22, "Key Update": 24, "Compressed Certificate": 25,
    ]

    static let tlsSuites: [String: UInt64] = Dictionary(
        CipherSuite.known.map { ($0.name, UInt64($0.code)) }, uniquingKeysWith: { first, _ in first })

    static let tlsAlertLevels: [String: UInt64] = ["warning": 1, "fatal": 2, "Warning": 1, "Fatal": 2]

    /// RFC 8446, section 6, with the older ones of RFC 5246.
    static let alertDescriptions: [(UInt64, rfc: String, wireshark: String)] = [
        (0, "close_notify", "Close Notify"), (10, "unexpected_message", "Unexpected Message"),
        (20, "bad_record_mac", "Bad Record MAC"), (21, "decryption_failed", "Decryption Failed"),
        (22, "record_overflow", "Record Overflow"), (30, "decompression_failure", "Decompression Failure"),
        (40, "handshake_failure", "Handshake Failure"), (41, "no_certificate", "No Certificate"),
        (42, "bad_certificate", "Bad Certificate"), (43, "unsupported_certificate", "Unsupported Certificate"),
        (44, "certificate_revoked", "Certificate Revoked"), (45, "certificate_expired", "Certificate Expired"),
        (46, "certificate_unknown", "Certificate Unknown"), (47, "illegal_parameter", "Illegal Parameter"),
        (48, "unknown_ca", "Unknown CA"), (49, "access_denied", "Access Denied"), (50, "decode_error", "Decode Error"),
        (51, "decrypt_error", "Decrypt Error"), (60, "export_restriction", "Export Restriction"),
        (70, "protocol_version", "Protocol Version"), (71, "insufficient_security", "Insufficient Security"),
        (80, "internal_error", "Internal Error"), (86, "inappropriate_fallback", "Inappropriate Fallback"),
        (90, "user_canceled", "User Canceled"), (100, "no_renegotiation", "No Renegotiation"),
        (109, "missing_extension", "Missing Extension"), (110, "unsupported_extension", "Unsupported Extension"),
        (111, "certificate_unobtainable", "Certificate Unobtainable"), (112, "unrecognized_name", "Unrecognized Name"),
        (113, "bad_certificate_status_response", "Bad Certificate Status Response"),
        (114, "bad_certificate_hash_value", "Bad Certificate Hash Value"),
        (115, "unknown_psk_identity", "Unknown PSK Identity"),
        (116, "certificate_required", "Certificate Required"),
        (120, "no_application_protocol", "No application Protocol"), (121, "ech_required", "ECH Required"),
    ]

    package static let tlsAlerts: [String: UInt64] = Dictionary(
        alertDescriptions.map { ($0.wireshark, $0.0) }, uniquingKeysWith: { first, _ in first })

    package static let tlsAlertAliases: [String: UInt64] = Dictionary(
        alertDescriptions.map { ($0.rfc, $0.0) }, uniquingKeysWith: { first, _ in first })

    /// The RFC's name of an alert description, such as `unknown_ca`.
    package static func alertName(_ description: UInt8) -> String {
        alertDescriptions.first { $0.0 == UInt64(description) }?.rfc ?? "alert \(description)"
    }

    static let http2Types: [String: UInt64] = [
        "DATA": 0, "HEADERS": 1, "PRIORITY": 2, "RST_STREAM": 3, "SETTINGS": 4, "PUSH_PROMISE": 5, "PING": 6,
        "GOAWAY": 7, "WINDOW_UPDATE": 8, "CONTINUATION": 9,
    ]
}
