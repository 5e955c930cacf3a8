import EngineNetwork
import LabWorld
import Wire

/// Two hosts on either side of a router, IPv4 and IPv6, without delay.
enum TwoHosts {
    static let server = "198.51.100.2"
    static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

    static func plan() throws -> WorldPlan {
        let topology = Topology(
            hosts: [
                Host(name: "laptop", addresses: try ["192.0.2.2/24", "2001:db8:1::2/64"].map(address)),
                Host(name: "server", addresses: try [server + "/24", "2001:db8:2::2/64"].map(address)),
            ],
            routers: [Router(name: "r1")],
            links: [
                Link(
                    Link.End("laptop"),
                    Link.End("r1", addresses: try ["192.0.2.1/24", "2001:db8:1::1/64"].map(address))),
                Link(
                    Link.End("server"),
                    Link.End("r1", addresses: try ["198.51.100.1/24", "2001:db8:2::1/64"].map(address))),
            ])
        let files = [
            PlannedFile("/etc/resolv.conf", text: "nameserver 192.0.2.53\n"),
            PlannedFile("/etc/hosts", text: "127.0.0.1 localhost\n\(server) server\n"),
        ]
        let directories = [PlannedDirectory("/etc/ssl/certs", copiesOriginal: true)]
        return WorldPlan(
            topology: topology,
            hosts: ["laptop", "server"].map { HostPlan(name: $0, directories: directories, files: files) })
    }

    private static func address(_ text: String) throws -> InterfaceAddress {
        guard let address = InterfaceAddress(text) else { throw ProbeError("no address: \(text)") }
        return address
    }
}
