import Wire

/// Nanoseconds as milliseconds with microseconds behind the point, always: digits do not get lost as times grow.
package func milliseconds(_ nanoseconds: Int64) -> String {
    let microseconds = (max(0, nanoseconds) &+ 500) / 1000
    let fraction = String(microseconds % 1000)
    return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
}

/// What a report says that a packet could not be delivered, in the words of iputils.
func unreachableText(_ family: IPFamily, type: UInt8, code: UInt8) -> String {
    switch (family, type, code) {
    case (.v4, 3, 0): "Destination Net Unreachable"
    case (.v4, 3, 1): "Destination Host Unreachable"
    case (.v4, 3, 2): "Destination Protocol Unreachable"
    case (.v4, 3, 3): "Destination Port Unreachable"
    case (.v4, 3, 4): "Frag needed and DF set"
    case (.v4, 3, 5): "Source Route Failed"
    case (.v4, 3, 6): "Destination Net Unknown"
    case (.v4, 3, 7): "Destination Host Unknown"
    case (.v4, 3, 8): "Source Host Isolated"
    case (.v4, 3, 9): "Destination Net Prohibited"
    case (.v4, 3, 10): "Destination Host Prohibited"
    case (.v4, 3, 11): "Destination Net Unreachable for Type of Service"
    case (.v4, 3, 12): "Destination Host Unreachable for Type of Service"
    case (.v4, 3, 13): "Packet filtered"
    case (.v4, 3, 14): "Precedence Violation"
    case (.v4, 3, 15): "Precedence Cutoff"
    case (.v4, 12, _): "Parameter problem"
    case (.v6, 1, 0): "Destination unreachable: No route"
    case (.v6, 1, 1): "Destination unreachable: Administratively prohibited"
    case (.v6, 1, 2): "Destination unreachable: Beyond scope of source address"
    case (.v6, 1, 3): "Destination unreachable: Address unreachable"
    case (.v6, 1, 4): "Destination unreachable: Port unreachable"
    case (.v6, 1, 5): "Destination unreachable: Source address failed ingress/egress policy"
    case (.v6, 1, 6): "Destination unreachable: Reject route to destination"
    case (.v6, 4, 0): "Parameter problem: Wrong header field"
    case (.v6, 4, 1): "Parameter problem: Unknown header"
    case (.v6, 4, 2): "Parameter problem: Unknown option"
    default: "Destination Unreachable (type \(type), code \(code))"
    }
}
