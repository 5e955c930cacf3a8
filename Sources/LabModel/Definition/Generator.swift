/// How a variable's value is drawn from the student's seed.
package enum Generator: Sendable, Hashable {
    /// Letters and digits that are not mistaken for each other.
    case token(length: Int)
    case port(ClosedRange<Int64>)
    case number(ClosedRange<Int64>)
    /// A name of one more label below this one.
    case hostname(under: String)
    case subnet(within: AddressPrefix, length: Int)
    case address(within: AddressPrefix)
    case choice([Value])

    /// The names that `pick` takes.
    package enum Name: String, Sendable, CaseIterable {
        case token, port, number, hostname, subnet, address, choice

        /// The fields that go with it.
        package var keys: Set<String> {
            switch self {
            case .token: ["length"]
            case .port, .number: ["min", "max"]
            case .hostname: ["under"]
            case .subnet: ["in", "prefix"]
            case .address: ["in"]
            case .choice: ["of"]
            }
        }
    }

    package static let keys = Name.allCases.reduce(into: Set<String>()) { $0.formUnion($1.keys) }

    package var keys: Set<String> {
        switch self {
        case .token: Name.token.keys
        case .port: Name.port.keys
        case .number: Name.number.keys
        case .hostname: Name.hostname.keys
        case .subnet: Name.subnet.keys
        case .address: Name.address.keys
        case .choice: Name.choice.keys
        }
    }

    package var type: VariableType {
        switch self {
        case .token: .text
        case .port: .port
        case .number: .number
        case .hostname: .hostname
        case .subnet: .subnet
        case .address: .address
        case .choice: .choice
        }
    }

    /// Free of privileges, and of the range that the system draws from.
    package static let ports: ClosedRange<Int64> = 20_000...29_999
    package static let numbers: ClosedRange<Int64> = 1...1_000
}
