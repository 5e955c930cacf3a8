import CLinux
import EngineNetwork
import Glibc
import SupportLinux
import Wire

/// The namespaces of one host, held by descriptors alone.
struct HostNamespaces: Sendable {
    let network: FileDescriptor
    let mount: FileDescriptor
    let hostname: FileDescriptor
}

/// Makes every host of a plan, and its wire to the gateway, out of namespaces.
struct WorldBuilder: Sendable {
    struct Built: Sendable {
        var hosts: [String: HostNamespaces] = [:]
        var ports: [Gateway.Port] = []
        var limits: [WorldConditions.Limit] = []
    }

    let plan: WorldPlan
    let rootMode: Bool

    /// Call it on a thread in the world's own namespaces.
    func build() throws -> Built {
        // The gateway's ends must stay silent: an interface without IPv6 sends nothing of its own.
        KernelSettings.write("net/ipv6/conf/default/disable_ipv6", "1")
        let wires = try NetlinkSocket()
        var built = Built()
        let namespaces = plan.topology.hosts.filter { $0.kind == .namespace }
        for (index, host) in namespaces.enumerated() {
            let wire = "host\(index)"
            let files = plan.hosts.first { $0.name == host.name } ?? HostPlan(name: host.name)
            let attachment = plan.topology.attachment(ofHost: host.name)
            let result: (HostNamespaces, [WorldConditions.Limit], Int32?) = try setup(of: host.name) {
                () throws(SystemError) in
                let (namespaces, limits) = try makeHost(files)
                guard let attachment else { return (namespaces, limits, nil) }
                let network = HostNetwork(attachment: attachment, netlink: try NetlinkSocket())
                let port = try network.connect(to: wires, as: wire, in: namespaces.network)
                let hasIPv6 = try network.configure()
                return (namespaces, hasIPv6 ? limits : limits + [.noIPv6], port)
            }
            built.hosts[host.name] = result.0
            if let port = result.2 {
                lab_link_settle(wire)
                built.ports.append(Gateway.Port(host: host.name, interfaceIndex: port))
            }
            for limit in result.1 where !built.limits.contains(limit) { built.limits.append(limit) }
        }
        return built
    }

    /// Runs the body on a thread of its own: the namespaces it makes are that thread's, and this one keeps its own.
    private func setup<Value: Sendable>(
        of host: String, _ body: @escaping @Sendable () throws(SystemError) -> Value
    ) throws -> Value {
        do throws(SystemError) {
            return try Threads.run(name: "host", body)
        } catch {
            throw WorldSetupError(error, host: host)
        }
    }

    private func makeHost(_ host: HostPlan) throws(SystemError) -> (HostNamespaces, [WorldConditions.Limit]) {
        try checked("make the namespaces of a host") { lab_unshare_host() }
        try checked("name the host") { lab_set_hostname(host.hostname ?? host.name) }
        let namespaces = HostNamespaces(
            network: try FileDescriptor.open("/proc/thread-self/ns/net", O_RDONLY),
            mount: try FileDescriptor.open("/proc/thread-self/ns/mnt", O_RDONLY),
            hostname: try FileDescriptor.open("/proc/thread-self/ns/uts", O_RDONLY))
        var files = HostFiles(owner: rootMode ? plan.programUser : nil)
        try files.hideRun(keeping: plan.keptBelowRun)
        for directory in host.directories { try files.place(directory) }
        for file in host.files { try files.place(file) }
        let groups = rootMode ? "0 2147483647" : "\(getegid()) \(getegid())"
        return (namespaces, KernelSettings.prepareHost(pingGroups: groups) ? [] : [.fixedSettings])
    }
}

/// Settings below /proc/sys of the network namespace of the calling thread.
enum KernelSettings {
    /// Whether the setting could be written: it cannot where /proc/sys is read-only or the kernel lacks it.
    @discardableResult
    static func write(_ name: String, _ value: String) -> Bool {
        guard let file = try? FileDescriptor.open("/proc/sys/" + name, O_WRONLY) else { return false }
        return (try? file.write(Array(value.utf8))) != nil
    }

    /// Gives a host the settings that labs count on; false when not even ping was let in.
    static func prepareHost(pingGroups: String) -> Bool {
        for scope in ["all", "default"] {
            for (name, value) in [
                ("disable_ipv6", "0"), ("accept_dad", "0"), ("accept_ra", "0"), ("router_solicitations", "0"),
            ] { write("net/ipv6/conf/\(scope)/\(name)", value) }
        }
        // Errors that the kernel of a host answers with are evidence; it must not keep them back.
        write("net/ipv4/icmp_ratelimit", "0")
        write("net/ipv6/icmp/ratelimit", "0")
        // A student's server may listen on port 80.
        write("net/ipv4/ip_unprivileged_port_start", "0")
        return write("net/ipv4/ping_group_range", pingGroups)
    }
}

extension WorldSetupError {
    init(_ error: SystemError, host: String? = nil) {
        self.init(error.operation, code: error.code, host: host)
    }

    init(_ operation: String, code: Int32, host: String? = nil) {
        let place = host.map { "host `\($0)`: " } ?? ""
        let reason = code == 0 ? "" : ": " + SystemError.text(of: code)
        self.init(host: host, operation: operation, code: code, description: place + operation + reason)
    }
}
