import SupportCrypto

/// A cipher suite by its number in the IANA registry, with what opening its records takes.
package struct CipherSuite: Sendable, Hashable {
    package let code: UInt16

    package init(code: UInt16) { self.code = code }

    /// What protects the records of a suite that can be opened.
    package struct Protection: Sendable, Hashable {
        package let aead: AEADAlgorithm
        package let hash: DigestAlgorithm
        /// A suite of TLS 1.3, whose numbers are its own.
        package let isTLS13: Bool
    }

    /// Nil for the suites that cannot be opened: unknown ones and those without an AEAD.
    package var protection: Protection? {
        guard let entry = Self.entries[code], let aead = entry.aead else { return nil }
        return Protection(aead: aead, hash: entry.hash, isTLS13: code >> 8 == 0x13)
    }

    /// The registry's name, or the number for suites that are not listed here.
    package var name: String {
        if let name = Self.entries[code]?.name { return name }
        let digits = String(code, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Every suite that has a name here.
    package static var known: [CipherSuite] { entries.keys.sorted().map(CipherSuite.init(code:)) }

    private struct Entry {
        let name: String
        let aead: AEADAlgorithm?
        let hash: DigestAlgorithm
    }

    private static let entries: [UInt16: Entry] = {
        var entries: [UInt16: Entry] = [:]
        func add(_ code: UInt16, _ name: String, _ aead: AEADAlgorithm?, _ hash: DigestAlgorithm = .sha256) {
            entries[code] = Entry(name: name, aead: aead, hash: hash)
        }
        add(0x1301, "TLS_AES_128_GCM_SHA256", .aes128GCM)
        add(0x1302, "TLS_AES_256_GCM_SHA384", .aes256GCM, .sha384)
        add(0x1303, "TLS_CHACHA20_POLY1305_SHA256", .chaCha20Poly1305)
        add(0x1304, "TLS_AES_128_CCM_SHA256", .aes128CCM)
        add(0x1305, "TLS_AES_128_CCM_8_SHA256", .aes128CCM8)
        let exchanges: [(String, gcm: UInt16, chaCha: UInt16?, ccm: UInt16?, ccm8: UInt16?)] = [
            ("RSA", 0x009C, nil, 0xC09C, 0xC0A0), ("DHE_RSA", 0x009E, 0xCCAA, 0xC09E, 0xC0A2),
            ("DH_anon", 0x00A6, nil, nil, nil), ("PSK", 0x00A8, 0xCCAB, 0xC0A4, 0xC0A8),
            ("DHE_PSK", 0x00AA, 0xCCAD, 0xC0A6, nil), ("RSA_PSK", 0x00AC, 0xCCAE, nil, nil),
            ("ECDHE_ECDSA", 0xC02B, 0xCCA9, 0xC0AC, 0xC0AE), ("ECDHE_RSA", 0xC02F, 0xCCA8, nil, nil),
            ("ECDHE_PSK", 0xD001, 0xCCAC, 0xD005, nil),
        ]
        for exchange in exchanges {
            let prefix = "TLS_\(exchange.0)_WITH_"
            add(exchange.gcm, prefix + "AES_128_GCM_SHA256", .aes128GCM)
            add(exchange.gcm + 1, prefix + "AES_256_GCM_SHA384", .aes256GCM, .sha384)
            if let code = exchange.chaCha { add(code, prefix + "CHACHA20_POLY1305_SHA256", .chaCha20Poly1305) }
            if let code = exchange.ccm {
                add(code, prefix + "AES_128_CCM", .aes128CCM)
                if exchange.0 != "ECDHE_PSK" { add(code + 1, prefix + "AES_256_CCM", .aes256CCM) }
            }
            if let code = exchange.ccm8 {
                add(code, prefix + "AES_128_CCM_8", .aes128CCM8)
                add(code + 1, prefix + "AES_256_CCM_8", .aes256CCM8)
            }
        }
        // Named so that people can read what was negotiated; their records cannot be opened.
        let unopened: [(UInt16, String)] = [
            (0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA"), (0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
            (0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"), (0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"),
            (0x003C, "TLS_RSA_WITH_AES_128_CBC_SHA256"), (0x003D, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
            (0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"), (0x006B, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"),
            (0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"), (0xC009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
            (0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"), (0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
            (0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"), (0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
            (0xC024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"), (0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
            (0xC028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
        ]
        for (code, name) in unopened { add(code, name, nil) }
        return entries
    }()
}
