import LabModel
import SupportCrypto
import Synchronization

/// The evidence of a run that has no folder: many simulated runs are made to be judged at once and forgotten.
///
/// It holds the very bytes that files would hold. What was recorded as a value is kept beside its bytes, so that deriving need
/// not read it back.
package final class EvidenceMemory: Sendable {
    private struct File {
        var bytes: [UInt8]
        /// What the bytes were written from.
        var value: (any Sendable)?
        /// SHA-256 in hexadecimal, once it was asked for.
        var digest: String?
    }

    /// By path below what would be the run folder.
    private let files = Mutex<[String: File]>([:])

    package init() {}

    // MARK: Writing

    package func write(_ bytes: [UInt8], to path: String) {
        files.withLock { $0[path] = File(bytes: bytes) }
    }

    package func write(_ value: some Encodable & Sendable, to path: String) throws {
        let bytes = try JSON.encode(value)
        files.withLock { $0[path] = File(bytes: bytes, value: value) }
    }

    package func append(_ bytes: [UInt8], to path: String) {
        files.withLock { files in
            files[path, default: File(bytes: [])].bytes += bytes
            files[path]?.digest = nil
        }
    }

    /// Moves everything below one folder into another.
    package func move(_ folder: String, to other: String) {
        files.withLock { files in
            for (path, file) in files where path.hasPrefix(folder + "/") {
                files[path] = nil
                files[other + path.dropFirst(folder.count)] = file
            }
        }
    }

    /// Masks what lies below a folder. A value that would tell more than its bytes is forgotten.
    package func mask(_ folder: String, _ redaction: Redaction) {
        guard !redaction.isEmpty else { return }
        files.withLock { files in
            for (path, file) in files where path.hasPrefix(folder + "/") && !Redaction.isKeptAsItIs(path) {
                let masked = redaction.bytes(file.bytes)
                if masked != file.bytes { files[path] = File(bytes: masked) }
            }
        }
    }

    // MARK: Reading

    package func bytes(_ path: String) -> [UInt8]? { files.withLock { $0[path]?.bytes } }

    /// What a file was written from, where it is of that type.
    package func value<T>(_ type: T.Type, at path: String) -> T? {
        files.withLock { $0[path]?.value as? T }
    }

    /// What lies below a folder with its SHA-256 in hexadecimal, in the order in which a folder is listed: by name, each
    /// folder at its own place.
    package func artefacts(below folder: String) -> [(path: String, sha256: String)] {
        files.withLock { files in
            let paths = files.keys.filter { $0.hasPrefix(folder + "/") }
            return paths.sorted(by: Self.isListedBefore).map { ($0, Self.digest(of: $0, &files)) }
        }
    }

    /// Whether one path comes before another, part by part: what ends a part is less than all that a part may hold.
    private static func isListedBefore(_ left: String, _ right: String) -> Bool {
        func order(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
        return left.utf8.lexicographicallyPrecedes(right.utf8) { order($0) < order($1) }
    }

    private static func digest(of path: String, _ files: inout [String: File]) -> String {
        if let known = files[path]?.digest { return known }
        let digest = Hex.string(DigestAlgorithm.sha256.digest(of: files[path]?.bytes ?? []))
        files[path]?.digest = digest
        return digest
    }
}
