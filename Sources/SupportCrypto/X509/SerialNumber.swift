import COpenSSL

/// A certificate's serial number: positive, 16 bytes of which 126 bits are drawn at random.
package struct SerialNumber: Sendable, Hashable {
    package let bytes: [UInt8]

    /// Draws from `generator`, for repeatable certificates in tests.
    package init(from generator: inout some RandomNumberGenerator) {
        self.init(raw: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Draws from the system's generator.
    package static func random() -> SerialNumber {
        var generator = SystemRandomNumberGenerator()
        return SerialNumber(from: &generator)
    }

    /// The top bit is cleared so that the number stays positive in 16 bytes, the next one set so that it never gets shorter.
    private init(raw: [UInt8]) {
        var bytes = raw
        bytes[0] = (bytes[0] & 0x7F) | 0x40
        self.bytes = bytes
    }
}
