import LabModel
import LabWorld
import SupportLinux

/// Captures that were asked for with a run. What the runner captures as evidence is copied; the rest grows in a folder of the
/// run that goes with it, since it is no evidence.
struct RunCaptures {
    private static let place = "captures"
    private let captures: WantedCaptures
    private let path: String
    /// The captures of all hosts that are watched, by host, below the run folder.
    let hosts: [String: String]
    let taps: [PlannedTap]

    /// - Parameter evidence: the runner's own captures, by host, below the run folder.
    /// - Throws: `SystemError` where the run folder cannot be written.
    init(_ request: RunRequest, in world: WorldDefinition, evidence: [String: String], run path: String) throws {
        captures = WantedCaptures(request.captures, folder: path, place: Self.place, own: evidence)
        self.path = path
        hosts = captures.hosts.merging(evidence) { $1 }
        taps = captures.taps(in: world)
        if !captures.isEmpty { try Files.createDirectories("\(path)/\(Self.place)", mode: 0o755) }
    }

    var isEmpty: Bool { captures.isEmpty }

    /// Puts the files where they were wanted.
    ///
    /// - Parameter now: nanoseconds since 1970.
    /// - Throws: `SystemError` where one cannot be written.
    func deliver(until now: Int64) throws {
        guard !isEmpty else { return }
        defer { discard() }
        try captures.deliver(until: now)
    }

    /// Leaves nothing of what grew.
    func discard() {
        guard !isEmpty else { return }
        try? Files.removeTree("\(path)/\(Self.place)")
    }
}
