/// Why a gateway could not be opened.
package enum GatewayError: Error, Hashable, Sendable {
    /// The topology has no such namespace host.
    case unknownHost(String)
    case twoPorts(host: String)
    /// A packet socket could not be opened on the interface; `code` is errno.
    case socket(host: String, interfaceIndex: Int32, code: Int32)
    /// The kernel refused a descriptor to wait with; `code` is errno.
    case waiting(code: Int32)
}

extension GatewayError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownHost(let name):
            "The gateway was given a port for '\(name)', which the topology does not have as a namespace host."
        case .twoPorts(let host):
            "The gateway was given two ports for '\(host)'; a host has one."
        case .socket(let host, let index, let code):
            "No packet socket for '\(host)' on interface \(index) (errno \(code)). It takes CAP_NET_RAW in the gateway's network "
                + "namespace, and the interface must be there."
        case .waiting(let code):
            "The kernel refused the gateway a descriptor (errno \(code)); the limit of open files may be too low."
        }
    }
}
