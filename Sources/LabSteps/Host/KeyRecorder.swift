import Glibc
import LabModel
import SupportLinux

/// Adds the secrets of a step's connections to the judge's key log, and to the one that the lab named.
final class KeyRecorder: Sendable {
    private let files: [FileDescriptor]

    init(_ plan: StepPlan, _ host: HostContext) throws {
        var paths = [host.facts.clientKeys]
        if let keylog = plan.string("keylog") {
            guard RunFolder.isInside(keylog) else { throw StepFailure(.lab, "`\(keylog)` is not a file of this run") }
            paths.append(keylog)
        }
        files = try paths.map {
            try FileDescriptor.open(host.absolute($0), O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
        }
    }

    func append(_ line: String) {
        // A key that could not be written shows when the packets are to be opened.
        for file in files { try? file.write(Array((line + "\n").utf8)) }
    }
}
