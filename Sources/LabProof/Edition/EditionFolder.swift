import Glibc
import LabModel
import SupportLinux

/// Puts a student edition into a folder of its own: whole, or not at all.
package enum EditionFolder {
    package enum Refusal: Error, CustomStringConvertible {
        /// With one file that the folder holds and no edition brought.
        case occupied(String, by: String)

        package var description: String {
            switch self {
            case .occupied(let folder, let file):
                "`\(folder)` holds `\(file)`, which belongs to no edition of this lab; choose a folder of its own"
            }
        }
    }

    /// - Parameter folder: is made where it is missing; an older edition of the same lab in it is replaced.
    /// - Throws: `Refusal`, or `SystemError` where it cannot be written; the folder is then as it was.
    package static func write(_ edition: StudentEdition, to folder: String) throws {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        if let stranger = try stranger(in: folder, lab: edition.lab) { throw Refusal.occupied(folder, by: stranger) }
        let suffix = ".\(Hex.string(Random.bytes(6)))~"
        let fresh = folder + suffix
        do {
            for file in edition.files {
                let path = "\(fresh)/\(file.path)"
                if let slash = path.lastIndex(of: "/") { try Files.createDirectories(String(path[..<slash])) }
                try Files.writeAtomically(file.bytes, to: path)
            }
            try exchange(fresh, folder, aside: folder + ".old" + suffix)
        } catch {
            try? Files.removeTree(fresh)
            throw error
        }
    }

    private static func exchange(_ fresh: String, _ folder: String, aside: String) throws {
        let exists = Files.exists(folder)
        if exists { try move(folder, to: aside) }
        do {
            try move(fresh, to: folder)
        } catch {
            if exists { try? move(aside, to: folder) }
            throw error
        }
        if exists { try Files.removeTree(aside) }
    }

    private static func move(_ source: String, to target: String) throws {
        guard rename(source, target) == 0 else { throw SystemError.current("rename \(source) to \(target)") }
    }

    /// A file in the folder that an older edition of the lab did not bring.
    private static func stranger(in folder: String, lab: String) throws -> String? {
        guard Files.kind(of: folder) != nil else { return nil }
        guard Files.kind(of: folder) == .directory else { return folder }
        let files = try files(below: folder, prefix: "")
        var known = Set<String>()
        for file in files where file.hasSuffix(".published.json") {
            let bytes = try Files.read("\(folder)/\(file)")
            guard let older = try? JSON.decode(PublishedEdition.self, from: bytes), older.lab == lab else { continue }
            known.formUnion(older.files.keys)
            known.insert(file)
        }
        return files.first { !known.contains($0) }
    }

    private static func files(below folder: String, prefix: String) throws -> [String] {
        try Files.list(folder).flatMap { entry -> [String] in
            guard entry.kind == .directory else { return [prefix + entry.name] }
            return try files(below: "\(folder)/\(entry.name)", prefix: prefix + entry.name + "/")
        }
    }
}
