import ArgumentParser
import EngineProbe
import LabModel
import SupportLinux
import Wire

/// The address family, as ping's `-4` and `-6`.
struct FamilyOptions: ParsableArguments {
    @Flag(name: .customShort("4"), help: "IPv4 only.") var ipv4 = false
    @Flag(name: .customShort("6"), help: "IPv6 only.") var ipv6 = false

    func validate() throws { try FamilyOptions.validate(ipv4: ipv4, ipv6: ipv6) }

    static func validate(ipv4: Bool, ipv6: Bool) throws {
        if ipv4, ipv6 { throw ValidationError("-4 and -6 exclude one another; leave both out for either family") }
    }
}

/// How the results of probes are printed.
enum ProbeFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    /// The results of RIPE Atlas.
    case atlas
}

/// Seconds on the command line, as nanoseconds.
enum Seconds {
    static func nanoseconds(_ seconds: Double, _ option: String, from least: Double = 0) throws -> Int64 {
        guard seconds >= least, seconds <= 86_400 else {
            throw ValidationError("\(option) takes seconds from \(least) to 86400, found \(seconds)")
        }
        return Int64((seconds * 1e9).rounded())
    }
}

/// Probe errors as exit statuses: a machine that permits no probes is no host that does not answer.
enum ProbeWork {
    /// Ctrl-C ends the probes, not the program: what was learned is still told. Further ones change nothing: the signal
    /// stays caught until the program ends.
    ///
    /// - Parameter restoring: puts the terminal right before an error is said.
    static func perform<Result: Sendable>(
        restoring: () -> Void = {}, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        // First: whoever sees the work begin may interrupt it.
        let signals = try? Interruptions()
        let work = Task { try await body() }
        if let signals {
            try? Threads.detach(name: "signals") {
                while !signals.wait(milliseconds: 60_000) {}
                work.cancel()
            }
        }
        do { return try await work.value } catch let error as ProbeError {
            restoring()
            throw failure(error)
        }
    }

    /// The same on this thread, which is blocked: without a second one, which would take as long to start as a trace takes.
    static func perform<Result>(_ body: (ProbeInterrupt) throws -> Result) throws -> Result {
        do { return try body(ProbeInterrupt(followsSignals: true)) } catch let error as ProbeError {
            throw failure(error)
        }
    }

    /// Says what went wrong; the exit status of it.
    private static func failure(_ error: ProbeError) -> ExitCode {
        Standard.error("lab: \(error)\n")
        return switch error {
        case .invalidConfiguration, .noSuchSource: LabModel.ExitStatus.usage.exit
        case .notPermitted: LabModel.ExitStatus.preflight.exit
        default: LabModel.ExitStatus.checkFailed.exit
        }
    }
}

extension LabModel.ExitStatus {
    /// Ends the command with this status unless all is well.
    func end() throws {
        if self != .passed { throw exit }
    }
}
