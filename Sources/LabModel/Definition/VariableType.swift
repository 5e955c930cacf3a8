import SupportDiagnostics
import SupportQuestions

/// What a variable or a group's parameter may hold.
package enum VariableType: String, Sendable, Hashable, CaseIterable {
    case text, number, port, boolean, duration, hostname, address, subnet, choice

    /// The type as an error says it.
    package var description: String {
        switch self {
        case .text: "text"
        case .number: "a whole number"
        case .port: "a whole number from 1 to 65535"
        case .boolean: "true or false"
        case .duration: "a duration such as `500ms` or `2s`"
        case .hostname: "a host name such as `www.example.test`"
        case .address: "an address such as `198.51.100.10` or `2001:db8::10`"
        case .subnet: "a subnet such as `198.51.100.0/24`"
        case .choice: "one of the choices"
        }
    }

    /// The value that a text stands for, nil where it is none of this type. What has a unit or a notation of its own
    /// stays text, as it was written: `500ms`, `198.51.100.10`.
    package func value(of text: String) -> Value? {
        switch self {
        case .text, .choice: .string(text)
        case .number: Int64(text).map { .int($0) }
        case .port: Int64(text).flatMap { (1...65_535).contains($0) ? .int($0) : nil }
        case .boolean: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .duration: VariableType.nanoseconds(text).map { _ in .string(text) }
        case .hostname: VariableType.isHostName(text) ? .string(text) : nil
        case .address: FieldValue(addressText: text).map { _ in .string(text) }
        case .subnet: AddressPrefix(text).map { _ in .string(text) }
        }
    }

    /// Nanoseconds of `500ms`; nil for what is no duration, or a negative one.
    package static func nanoseconds(_ text: String) -> Int64? {
        guard let quantity = try? Quantity(text), case .duration(let count) = quantity, count >= 0 else { return nil }
        return count
    }

    /// Letters, digits and hyphens in labels of at most 63, at most 253 in all (RFC 1123, section 2.1).
    package static func isHostName(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-")
                && label.allSatisfy {
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                        || $0 == UInt8(ascii: "-")
                }
        }
    }
}
