import LabModel
import SupportLinux

/// Makes the folder of a new run, with the lab inside, so that the run can be judged where there is no `Labs/`.
package enum FolderCreation {
    /// The folder's absolute path and the run's id, `<UTC time>-<6 hex>`.
    package static func create(
        below runs: String, lab: LabDefinition, carriesKey: Bool, now: Int64, randomness: [UInt8]
    ) throws -> (path: String, id: String) {
        let id = id(at: now, randomness)
        let path = "\(runs)/\(lab.name)/\(id)"
        try Files.createDirectories(path, mode: 0o755)
        try Files.createDirectories(path + "/" + RunFolder.evidence, mode: 0o755)
        for file in lab.files {
            let target = path + "/" + RunFolder.lab + "/" + file.path
            if let slash = target.lastIndex(of: "/") {
                try Files.createDirectories(String(target[..<slash]), mode: 0o755)
            }
            try Files.writeAtomically(file.bytes, to: target)
        }
        if carriesKey, let key = lab.key {
            // Whoever may read runs need not be whoever may read keys.
            let name = LabKey.path(of: lab.files[0].path)
            try Files.writeAtomically(key.bytes, to: "\(path)/\(RunFolder.lab)/\(name)", mode: 0o600)
            for (name, bytes) in key.files where !lab.files.contains(where: { $0.path == name }) {
                let target = "\(path)/\(RunFolder.lab)/\(name)"
                try Files.createDirectories(Paths.folder(target), mode: 0o755)
                try Files.writeAtomically(bytes, to: target, mode: 0o600)
            }
        }
        return (path, id)
    }

    /// A run's id, `<UTC time>-<6 hex>`.
    package static func id(at now: Int64, _ randomness: [UInt8]) -> String {
        UTCTime(nanoseconds: now).compact + "-" + Hex.string(randomness.prefix(3))
    }

    /// Points `runs/<lab>/latest` at a run.
    package static func markLatest(id: String, lab: String, below runs: String) throws {
        try Files.replaceLink("\(runs)/\(lab)/latest", destination: id)
    }
}
