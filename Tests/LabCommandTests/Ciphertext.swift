/// TLS records of application data in a capture file, found by their bytes: one record a frame is what this lab sends.
struct Ciphertext {
    /// Offset of the record in the file, and bytes of its payload.
    let offset: Int
    let length: Int
    let sourcePort: Int

    static func records(in capture: [UInt8], from port: Int, longerThan minimum: Int) -> [Ciphertext] {
        var found: [Ciphertext] = []
        for offset in capture.indices.dropFirst(32).dropLast(5)
        where capture[offset] == 0x17 && capture[offset + 1] == 3 && capture[offset + 2] == 3 {
            func number(_ index: Int) -> Int { Int(capture[index]) << 8 | Int(capture[index + 1]) }
            // A TCP header with timestamps has 32 bytes and begins with its source port.
            let record = Ciphertext(offset: offset, length: number(offset + 3), sourcePort: number(offset - 32))
            if record.sourcePort == port, record.length > minimum, record.length < 16_640 { found.append(record) }
        }
        return found
    }

    /// Changes one bit of the payload.
    func flip(in capture: inout [UInt8]) { capture[offset + 5 + length / 2] ^= 1 }
}
