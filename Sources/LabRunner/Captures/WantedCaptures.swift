import LabModel
import LabSteps
import LabWorld
import SupportLinux

/// The captures of a shell or a run: where they grow, and whom they are given to in the end.
struct WantedCaptures {
    private let captures: [(wanted: WantedCapture, growing: String)]
    private let folder: String

    /// - Parameters:
    ///   - place: the folder below `folder` where they grow.
    ///   - own: files of hosts that are captured anyway, by host, below `folder`.
    init(
        _ captures: [WantedCapture], folder: String, place: String = RunFolder.evidence,
        own: [String: String] = [:]
    ) {
        self.folder = folder
        self.captures = captures.enumerated().map { number, capture in
            if case .host(let name) = capture.place, let file = own[name] { return (capture, file) }
            return (capture, "\(place)/capture-\(number + 1).pcapng")
        }
    }

    var isEmpty: Bool { captures.isEmpty }

    /// By host, below the folder.
    var hosts: [String: String] {
        captures.reduce(into: [:]) { files, capture in
            if case .host(let name) = capture.wanted.place { files[name] = capture.growing }
        }
    }

    func taps(in world: WorldDefinition) -> [PlannedTap] {
        captures.compactMap { capture in
            guard case .link(let name) = capture.wanted.place, let link = world.link(name) else { return nil }
            return PlannedTap(
                link: TopologyAssembly.linkName(link.name, in: world), name: "\(link.from)→\(link.to)",
                backName: "\(link.to)→\(link.from)", path: "\(folder)/\(capture.growing)")
        }
    }

    /// Puts the files where they were wanted, whole.
    ///
    /// - Parameter now: nanoseconds since 1970.
    func deliver(until now: Int64) throws {
        for capture in captures {
            let file = "\(folder)/\(capture.growing)"
            if case .link = capture.wanted.place, let bytes = try? Files.read(file),
                let sorted = LinkCapture.sorted(bytes, until: now)
            {
                try Files.writeAtomically(sorted, to: capture.wanted.file)
            } else {
                // What is too large to be sorted in memory is given as it is.
                try Files.copyAtomically(file, to: capture.wanted.file)
            }
        }
    }
}
