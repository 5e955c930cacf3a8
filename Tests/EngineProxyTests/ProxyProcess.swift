import EngineProxy
import Foundation
import LabTestSupport

/// `lab proxy` as a process of its own, so that its memory is its own and no other test's.
final class ProxyProcess: Sendable {
    let port: Int
    private let pid: pid_t
    private let folder: TemporaryFolder
    private let reader: EventReader

    private init(pid: pid_t, port: Int, folder: TemporaryFolder, reader: EventReader) {
        self.pid = pid
        self.port = port
        self.folder = folder
        self.reader = reader
    }

    static func start() async throws -> ProxyProcess {
        guard let lab = BuiltLab.tool else { throw CocoaError(.fileNoSuchFile) }
        let folder = TemporaryFolder()
        let fifo = folder.path + "/events"
        guard mkfifo(fifo, 0o600) == 0 else { throw POSIXError(.EIO) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: lab.path)
        process.arguments = [
            "proxy", "--headless", "--listen-port", "0", "--confdir", folder.path + "/conf", "--events", fifo,
        ]
        process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // A proxy that ends before it opened its events must not leave their reader waiting.
        process.terminationHandler = { _ in close(open(fifo, O_WRONLY | O_NONBLOCK)) }
        try process.run()
        let reader = EventReader(path: fifo)
        guard case .listening(let listening)? = await reader.next() else { throw POSIXError(.ECONNREFUSED) }
        return ProxyProcess(pid: process.processIdentifier, port: listening.port, folder: folder, reader: reader)
    }

    func curl(_ arguments: [String]) async throws -> RealTool.Outcome {
        guard let curl = RealTool("curl") else { throw POSIXError(.ENOENT) }
        return try await curl.run(
            ["-q", "-sS", "--max-time", "1200", "--noproxy", "", "-x", "http://127.0.0.1:\(port)"] + arguments)
    }

    /// Lets it have so many files and sockets at once.
    func limitDescriptors(to count: Int) async throws {
        guard let prlimit = RealTool("prlimit") else { throw POSIXError(.ENOENT) }
        let outcome = try await prlimit.run(["--pid", "\(pid)", "--nofile=\(count):\(count)"])
        guard outcome.status == 0 else { throw POSIXError(.EPERM) }
    }

    /// The most memory that it ever had in use, in kilobytes.
    func peakKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }

    /// The next event that fits; nil once it has ended.
    func event(_ fits: (ProxyEvent) -> Bool) async -> ProxyEvent? {
        while let event = await reader.next() {
            if fits(event) { return event }
        }
        return nil
    }

    /// Ends it and gives back its flows.
    func stop() async -> [ProxyFlow] {
        kill(pid, SIGTERM)
        var flows: [ProxyFlow] = []
        while let event = await reader.next() {
            if case .flow(let flow) = event { flows.append(flow) }
        }
        return flows
    }
}
