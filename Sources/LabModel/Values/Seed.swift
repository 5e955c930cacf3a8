import SupportCrypto

/// Draws that depend on nothing but the run's seed and a name, so that a seed repeats a run and adding a variable to a
/// lab changes no other.
package struct Seed: Sendable, Hashable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    /// The seed of a student in a lab: the same person gets the same variant wherever the lab runs.
    package init(student: String, lab: String) {
        let digest = DigestAlgorithm.sha256.digest(of: Array("lab seed\0\(lab)\0\(student)".utf8))
        number = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Thirty-two bytes for one name.
    package func draw(_ name: String) -> [UInt8] {
        DigestAlgorithm.sha256.digest(of: Array("lab draw\0\(number)\0\(name)".utf8))
    }

    /// A value for a variable.
    package func pick(_ generator: Generator, for name: String) -> Value {
        let bytes = draw(name)
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch generator {
        case .token(let length): return .string(Self.token(bytes, length))
        case .port(let range), .number(let range): return .int(Self.number(number, in: range))
        case .hostname(let parent): return .string("host-\(Self.token(bytes, 6)).\(parent)")
        case .subnet(let range, let length): return .string(range.subnet(length: length, number: number)?.text ?? "")
        case .address(let range): return .string(range.host(number: number) ?? "")
        case .choice(let values): return values.isEmpty ? .null : values[Int(number % UInt64(values.count))]
        }
    }

    /// Without letters and digits that are mistaken for each other.
    private static func token(_ bytes: [UInt8], _ length: Int) -> String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
        return String(bytes.prefix(length).map { alphabet[Int($0) % alphabet.count] })
    }

    private static func number(_ number: UInt64, in range: ClosedRange<Int64>) -> Int64 {
        let size = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
        return range.lowerBound &+ Int64(bitPattern: size == 0 ? number : number % size)
    }
}
