import CLinux
import EngineNetwork
import Foundation
import SupportLinux
import Wire

/// Network namespaces for the hosts of a topology and one for its gateway, made with iproute2 and gone with their holders.
final class NamespacePair {
    private let holders: [Process]
    private let hosts: [String: Int32]
    private var started: [Process] = []
    private let gateway: Gateway
    private let served = DispatchSemaphore(value: 0)

    static let missing: String? = {
        if getuid() != 0 { return "making namespaces with iproute2 takes root" }
        for tool in ["/usr/sbin/ip", "/usr/bin/unshare", "/usr/bin/nsenter", "/usr/bin/ping", "/usr/sbin/traceroute"]
        where access(tool, X_OK) != 0 {
            return "\(tool) is missing"
        }
        return (try? run(["unshare", "--net", "true"]))?.status == 0 ? nil : "the kernel makes no network namespace"
    }()

    struct Failure: Error { let text: String }

    init(_ topology: Topology) throws {
        let names = topology.hosts.filter { $0.kind == .namespace }.map(\.name)
        holders = try ([""] + names).map { _ in try NamespacePair.hold() }
        let center = holders[0].processIdentifier
        hosts = Dictionary(uniqueKeysWithValues: zip(names, holders.dropFirst().map(\.processIdentifier)))
        var ports: [Gateway.Port] = []
        try NamespacePair.enter(center, ["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"])
        for (index, name) in names.enumerated() {
            guard let attachment = topology.attachment(ofHost: name), let pid = hosts[name] else { continue }
            try NamespacePair.connect(attachment, pid: pid, center: center, port: "p\(index)")
            let text = try NamespacePair.enter(center, ["ip", "-o", "link", "show", "p\(index)"])
            let number = text.split(separator: ":").first.flatMap { Int32($0) } ?? 0
            ports.append(Gateway.Port(host: name, interfaceIndex: number))
        }
        gateway = try NamespacePair.open(topology, ports, center: center)
        let (gateway, served) = (gateway, served)
        Thread.detachNewThread {
            gateway.run()
            served.signal()
        }
    }

    /// Ends the gateway, then the namespaces.
    func end() {
        gateway.stop()
        served.wait()
        // Not by a signal: a child of a dispatch thread inherits its mask, and would never get it.
        for process in started + holders { try? (process.standardInput as? Pipe)?.fileHandleForWriting.close() }
        for process in started + holders { process.waitUntilExit() }
    }

    @discardableResult
    func run(on host: String, _ words: [String]) throws -> String {
        guard let pid = hosts[host] else { throw Failure(text: "no namespace for \(host)") }
        return try NamespacePair.run(["nsenter", "--net=/proc/\(pid)/ns/net"] + words).output
    }

    /// Starts a program that says a line when it is ready and stays until its input ends; ``end()`` ends it.
    func start(on host: String, _ words: [String]) throws {
        guard let pid = hosts[host] else { throw Failure(text: "no namespace for \(host)") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/nsenter")
        process.arguments = ["--net=/proc/\(pid)/ns/net"] + words
        let pipe = Pipe()
        process.standardInput = Pipe()
        process.standardOutput = pipe
        try process.run()
        started.append(process)
        guard !pipe.fileHandleForReading.availableData.isEmpty else { throw Failure(text: "\(words) said nothing") }
    }

    /// Runs a body on a thread that has entered the host's namespace.
    func perform<Value: Sendable>(on host: String, _ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        guard let pid = hosts[host] else { throw Failure(text: "no namespace for \(host)") }
        return try await Threads.perform(name: "host") {
            let descriptor = Glibc.open("/proc/\(pid)/ns/net", O_RDONLY | O_CLOEXEC)
            defer { close(descriptor) }
            guard lab_join_network(descriptor) == 0 else { throw Failure(text: "setns: \(errno)") }
            return try body()
        }
    }

    private static func hold() throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        // The line says that the namespace is there; it stays until its input ends, at the latest with the test.
        process.arguments = ["--net", "sh", "-c", "echo ready; read line"]
        let pipe = Pipe()
        process.standardInput = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard !pipe.fileHandleForReading.availableData.isEmpty else { throw Failure(text: "no namespace") }
        return process
    }

    private static func connect(_ attachment: HostAttachment, pid: Int32, center: Int32, port: String) throws {
        try check([
            "ip", "link", "add", port, "netns", "\(center)", "type", "veth", "peer", "name", "eth0",
            "address", "\(attachment.hardwareAddress)", "netns", "\(pid)",
        ])
        for setting in ["accept_dad", "accept_ra"] {
            try enter(pid, ["sysctl", "-qw", "net.ipv6.conf.all.\(setting)=0", "net.ipv6.conf.eth0.\(setting)=0"])
        }
        try enter(pid, ["ip", "link", "set", "lo", "up"])
        try enter(center, ["ip", "link", "set", port, "up"])
        try enter(pid, ["ip", "link", "set", "eth0", "up"])
        for address in attachment.addresses {
            let extra = address.address.family == .v6 ? ["nodad"] : []
            try enter(pid, ["ip", "address", "add", "\(address)", "dev", "eth0"] + extra)
        }
        for gateway in attachment.gateways {
            let family = gateway.family == .v4 ? "-4" : "-6"
            try enter(pid, ["ip", family, "route", "add", "default", "via", "\(gateway)"])
        }
    }

    /// Opens the gateway on a thread that has entered the namespace of its ports; sockets stay in it wherever they are used.
    private static func open(_ topology: Topology, _ ports: [Gateway.Port], center: Int32) throws -> Gateway {
        let result = Slot()
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let descriptor = Glibc.open("/proc/\(center)/ns/net", O_RDONLY | O_CLOEXEC)
            result.value = Result {
                guard lab_join_network(descriptor) == 0 else { throw Failure(text: "setns: \(errno)") }
                return try Gateway(topology: topology, seed: 1, ports: ports)
            }
            close(descriptor)
            done.signal()
        }
        done.wait()
        guard let value = result.value else { throw Failure(text: "no gateway") }
        return try value.get()
    }

    /// Safe although unchecked: the semaphore orders the one write before the one read.
    private final class Slot: @unchecked Sendable {
        var value: Result<Gateway, any Error>?
    }

    @discardableResult
    private static func enter(_ pid: Int32, _ words: [String]) throws -> String {
        try check(["nsenter", "--net=/proc/\(pid)/ns/net"] + words)
    }

    @discardableResult
    private static func check(_ words: [String]) throws -> String {
        let (status, output) = try run(words)
        guard status == 0 else { throw Failure(text: "\(words.joined(separator: " ")): \(status): \(output)") }
        return output
    }

    private static func run(_ words: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + words
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
