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
    package func pick(_ generator: VariableDefinition.Generator, for name: String) -> Value {
        let bytes = draw(name)
        let number = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch generator {
        case .token:
            // Without letters and digits that are mistaken for each other.
            let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
            return .string(String(bytes.prefix(10).map { alphabet[Int($0) % alphabet.count] }))
        case .port: return .int(Int64(20_000 + number % 10_000))
        case .number: return .int(Int64(1 + number % 1_000))
        }
    }
}
