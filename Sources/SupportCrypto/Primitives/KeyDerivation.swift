import COpenSSL

extension DigestAlgorithm {
    /// HMAC (RFC 2104) of a message; the key may have any length.
    package func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: length)
        var written: UInt32 = 0
        // OpenSSL takes a null key for "the key of the last call", so an empty one needs an address.
        let material = key.isEmpty ? [0] : key
        HMAC(function, material, Int32(key.count), message, message.count, &code, &written)
        return code
    }
}

/// The HMAC-based key derivation function (RFC 5869), with the labels of TLS 1.3 (RFC 8446, section 7.1).
package enum HKDF {
    package static func extract(_ hash: DigestAlgorithm, salt: [UInt8], secret: [UInt8]) -> [UInt8] {
        hash.authenticate(secret, key: salt.isEmpty ? [UInt8](repeating: 0, count: hash.length) : salt)
    }

    /// Nil where more than 255 blocks are asked for.
    package static func expand(_ hash: DigestAlgorithm, secret: [UInt8], info: [UInt8], length: Int) -> [UInt8]? {
        guard length >= 0, length <= 255 * hash.length else { return nil }
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < length {
            block = hash.authenticate(block + info + [counter], key: secret)
            output += block
            counter &+= 1
        }
        return Array(output.prefix(length))
    }

    /// HKDF-Expand-Label; `label` without its "tls13 " prefix. Nil where label, context or length exceed the encoding.
    package static func expandLabel(
        _ hash: DigestAlgorithm, secret: [UInt8], label: String, context: [UInt8], length: Int
    ) -> [UInt8]? {
        let full = Array("tls13 ".utf8) + Array(label.utf8)
        guard full.count <= 255, context.count <= 255, length >= 0, length <= 0xFFFF else { return nil }
        let info =
            [UInt8(length >> 8), UInt8(length & 0xFF), UInt8(full.count)] + full + [UInt8(context.count)] + context
        return expand(hash, secret: secret, info: info, length: length)
    }
}

/// The pseudorandom function of TLS 1.2 (RFC 5246, section 5).
package enum TLS12PRF {
    package static func expand(
        _ hash: DigestAlgorithm, secret: [UInt8], label: String, seed: [UInt8], length: Int
    ) -> [UInt8] {
        let seed = Array(label.utf8) + seed
        var output: [UInt8] = []
        var stage = seed
        while output.count < length {
            stage = hash.authenticate(stage, key: secret)
            output += hash.authenticate(stage + seed, key: secret)
        }
        return Array(output.prefix(max(0, length)))
    }
}
