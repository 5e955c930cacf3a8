import LabModel
import SupportLinux

/// Takes secrets out of the files of a run.
enum SecretMasking {
    /// Larger files are packets or downloads, and masking one would take the machine's memory.
    private static let largest = 256 << 20

    /// Evidence, and whatever programs left in the homes of their hosts.
    static func maskAll(in run: String, _ redaction: Redaction) throws {
        try mask(RunFolder.evidence, in: run, redaction)
        try mask("home", in: run, redaction)
    }

    static func mask(_ folder: String, in run: String, _ redaction: Redaction) throws {
        guard !redaction.isEmpty, Files.kind(of: "\(run)/\(folder)") == .directory else { return }
        for entry in try Files.list("\(run)/\(folder)") {
            let path = "\(folder)/\(entry.name)"
            switch entry.kind {
            case .directory: try mask(path, in: run, redaction)
            case .file where !Redaction.isKeptAsItIs(path): try maskFile("\(run)/\(path)", redaction)
            case .file, .symbolicLink, .other: break
            }
        }
    }

    private static func maskFile(_ path: String, _ redaction: Redaction) throws {
        let bytes = try Files.read(path, limit: largest)
        let masked = redaction.bytes(bytes)
        guard masked != bytes else { return }
        try Files.writeAtomically(masked, to: path, mode: Files.permissions(of: path) ?? 0o600)
    }
}
