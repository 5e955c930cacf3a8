import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import SupportLinux
import Wire

/// What `lab ping` was asked to do, whoever read the words.
struct PingRequest: Equatable {
    var hosts: [String] = []
    var count: Int?
    var interval: Double?
    var size = 56
    var timeToLive: UInt8?
    var timeout = 1.0
    var deadline: Double?
    var fragmentation: Fragmentation?
    var pattern: String?
    var flood = false
    var adaptive = false
    var stamps = false
    var numeric = false
    var quiet = false
    var source: String?
    var ipv4 = false
    var ipv6 = false
    private var family: IPFamily? { ipv4 ? .v4 : ipv6 ? .v6 : nil }
    var format = ProbeFormat.text

    enum Fragmentation: String, CaseIterable {
        case `do`, want, dont, probe

        var setting: PingConfiguration.Fragmentation {
            switch self {
            case .do: .do
            case .want: .want
            case .dont: .dont
            case .probe: .probe
            }
        }
    }

    func validate() throws {
        _ = try (plan(), targets())
    }

    private func plan() throws -> PingConfiguration {
        if flood, adaptive { throw ValidationError("-f and -A exclude one another: each sets the pace") }
        var plan = PingConfiguration(
            count: count, interval: try Seconds.nanoseconds(interval ?? 1, "-i"),
            pacing: adaptive ? .adaptive : flood && interval == nil ? .flood : .steady,
            timeout: try Seconds.nanoseconds(timeout, "-W", from: 0.000_001),
            deadline: try deadline.map { try Seconds.nanoseconds($0, "-w", from: 0.000_001) }, size: size,
            timeToLive: timeToLive, family: family, fragmentation: fragmentation?.setting, source: source,
            keepsRows: format != .text)
        if let pattern {
            guard let bytes = PingRequest.bytes(pattern) else {
                throw ValidationError("-p takes up to 16 bytes in hexadecimal, such as ff00, found '\(pattern)'")
            }
            plan.pattern = bytes
        }
        if let problem = plan.problem { throw ValidationError(problem) }
        return plan
    }

    /// Digits in pairs; one alone is a byte, too.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard (1...32).contains(digits.count) else { return nil }
        let values = stride(from: 0, to: digits.count, by: 2).map { start in
            UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16)
        }
        guard !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")) else { return nil }
        return values.contains(nil) ? nil : values.compactMap { $0 }
    }

    /// Blocks of addresses spread out.
    private func targets() throws -> [String] {
        try hosts.flatMap { host -> [String] in
            guard host.utf8.contains(UInt8(ascii: "/")) else { return [host] }
            guard let block = InterfaceAddress(host)?.prefix else {
                throw ValidationError("'\(host)' is no block of addresses: write an address, / and a length")
            }
            guard let addresses = AddressBlock.hosts(block) else {
                throw ValidationError("\(block) has too many addresses to ask; at most 65536 at once")
            }
            return addresses.map { "\($0)" }
        }
    }

    private func view(_ targets: [String]) -> PingView {
        PingView(
            isMany: targets.count > 1, isQuiet: quiet, isFlood: flood, isNumeric: numeric, hasStamps: stamps,
            isPrinting: format == .text, size: size)
    }

    /// Asks on this thread and prints what came of it; nil, and nothing done, where a host has to be looked up.
    func perform() throws -> LabModel.ExitStatus? {
        let targets = try targets()
        let ping = Ping(targets, try plan())
        let view = view(targets)
        return try ProbeWork.perform { interrupt in
            try ping.report(
                interrupt: interrupt, onStart: { view.start($0, $1) }, onEvent: { view.take($0) })
        }.map { try finish($0, view) }
    }

    func performAfterLookUp() async throws -> LabModel.ExitStatus {
        let targets = try targets()
        let ping = Ping(targets, try plan())
        let view = view(targets)
        let report = try await ProbeWork.perform {
            try await ping.report(onStart: { view.start($0, $1) }, onEvent: { view.take($0) })
        }
        return try finish(report, view)
    }

    private func finish(_ report: PingReport, _ view: PingView) throws -> LabModel.ExitStatus {
        switch format {
        case .json: Standard.write(try JSON.encode(report, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .atlas:
            let results = report.results.map { AtlasPing($0, startedAt: report.startedAt) }
            Standard.write(try JSON.encode(results, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text: view.finish(report)
        }
        for failure in report.failures { Standard.error("lab: \(failure.error)\n") }
        let wanted = deadline != nil ? count ?? 1 : 1
        let isMissing = !report.failures.isEmpty || report.results.contains { $0.summary.received < wanted }
        return isMissing ? .checkFailed : .passed
    }
}
