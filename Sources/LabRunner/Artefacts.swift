import Glibc
import LabModel
import SupportCrypto
import SupportLinux

/// The raw evidence in a run folder, with digests.
enum Artefacts {
    /// The artefacts of one step as they are now.
    static func list(of step: String, in run: String) throws -> [(path: String, sha256: String)] {
        try files(below: "\(RunFolder.evidence)/\(step)", in: run)
    }

    /// Every artefact of the run.
    static func all(in run: String) throws -> [(path: String, sha256: String)] {
        try files(below: RunFolder.evidence, in: run)
    }

    /// Keeps what an attempt left, beside the folder that the next one fills.
    static func setAside(of step: String, attempt: Int, in run: String) throws {
        let folder = "\(run)/\(RunFolder.evidence)/\(step)"
        guard Files.exists(folder) else { return }
        guard rename(folder, "\(folder).attempt-\(attempt)") == 0 else {
            throw SystemError.current("rename \(folder)")
        }
    }

    private static func files(below folder: String, in run: String) throws -> [(path: String, sha256: String)] {
        guard Files.kind(of: "\(run)/\(folder)") == .directory else { return [] }
        var found: [(path: String, sha256: String)] = []
        for entry in try Files.list("\(run)/\(folder)").sorted(by: { $0.name < $1.name }) {
            let path = "\(folder)/\(entry.name)"
            switch entry.kind {
            case .directory: found += try files(below: path, in: run)
            case .file: found.append((path, Hex.string(try digest(of: "\(run)/\(path)"))))
            case .symbolicLink, .other: break
            }
        }
        return found
    }

    private static func digest(of path: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY)
        let digest = RunningDigest(.sha256)
        while true {
            let bytes = try file.read(upTo: 1 << 20)
            if bytes.isEmpty { return digest.finish() }
            bytes.withUnsafeBytes { digest.update($0) }
        }
    }
}
