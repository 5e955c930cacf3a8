/// The layout of a run folder, `runs/<lab>/<UTC time>-<6 hex>/`.
package enum RunFolder {
    package static let record = "run.json"
    package static let events = "events.jsonl"
    package static let lab = "lab"
    package static let evidence = "evidence"
    package static let report = "report.html"
    /// What somebody brought along: only in runs of `lab prove`.
    package static let inputs = "inputs"
    /// What the web sites of the world wrote down, a JSON object a line.
    package static let siteLog = "evidence/sites.jsonl"
    /// The secrets of the runner's own clients, by which packets of steps are opened for judging.
    package static let clientKeys = "evidence/client-keys.txt"

    /// The runner's own capture on a host; the lab's main host has the plain name.
    package static func capture(host: String, main: String) -> String {
        host == main ? "evidence/capture.pcapng" : "evidence/capture-\(host).pcapng"
    }

    /// An artefact of a step.
    package static func artefact(_ name: String, of step: String) -> String { "\(evidence)/\(step)/\(name)" }

    /// Whether a path read from a plan or a result stays inside the run folder.
    package static func isInside(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..") && !path.contains("\0")
    }
}
