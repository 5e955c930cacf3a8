import EngineNetwork
import Glibc
import SupportLinux
import Wire

/// A pcapng file of one link, which grows as packets are put on it: an interface for each direction, frames in the order in
/// which the network decided about them.
///
/// A packet is in the file before anything comes of it. So whoever has seen an answer finds the question here.
final class TapFile: Sendable {
    private struct State: Sendable {
        var writer = CaptureWriter()
        var isBroken = false
    }

    private let file: FileDescriptor
    private let state: Monitor<State>

    init(_ tap: PlannedTap) throws(SystemError) {
        file = try FileDescriptor.open(tap.path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        var writer = CaptureWriter()
        for name in [tap.name, tap.backName] {
            _ = writer.addInterface(CaptureInterface(linkType: LinkType.ethernet.rawValue, name: name))
        }
        try file.write(writer.drain())
        state = Monitor(State(writer: writer))
    }

    /// - Parameter offset: from the clock of the network to the wall's.
    func take(_ sightings: [LinkTap.Sighting], offset: Int64) {
        state.change { state in
            guard !state.isBroken else { return }
            for sighting in sightings {
                state.writer.frame(
                    sighting.frame, interface: sighting.isBack ? 1 : 0, timestamp: sighting.at &+ offset)
            }
            // A disk that is full must not stop the network; what is there is whole up to the last frame but one.
            state.isBroken = (try? file.write(state.writer.drain())) == nil
        }
    }
}

extension TapFile {
    /// A tap of all links that a plan wants watched; nil where there are none.
    static func tap(_ plans: [PlannedTap]) throws(SystemError) -> LinkTap? {
        guard !plans.isEmpty else { return nil }
        var files: [TapFile] = []
        for plan in plans { files.append(try TapFile(plan)) }
        let opened = files
        return LinkTap(links: plans.map(\.link)) { sightings in
            let offset = Int64(bitPattern: Clocks.realtime() &- Clocks.monotonic())
            for (index, file) in opened.enumerated() {
                let own = sightings.filter { $0.link == index }
                if !own.isEmpty { file.take(own, offset: offset) }
            }
        }
    }
}
