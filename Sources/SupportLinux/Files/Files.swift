import CLinux
import Glibc

/// Files and folders by path, without Foundation.
package enum Files {
    /// What lies at a path.
    package enum Kind: Sendable, Equatable { case file, directory, symbolicLink, other }

    /// One name in a folder.
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let kind: Kind

        package init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The kind of what lies at a path, not following a link at its end; nil when nothing does.
    package static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return kind(mode: status.st_mode)
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// User and group that own what lies at a path (following links).
    package static func owner(of path: String) -> (uid: UInt32, gid: UInt32)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }

    /// Reads a whole file of at most `limit` bytes; EFBIG beyond.
    package static func read(_ path: String, limit: Int = 256 << 20) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY)
        var bytes: [UInt8] = []
        while true {
            let part = try file.read(upTo: 65536)
            if part.isEmpty { return bytes }
            if bytes.count + part.count > limit { throw SystemError("read \(path)", code: EFBIG) }
            bytes += part
        }
    }

    /// The first bytes of a file, at most `limit`; all of it where it is no longer.
    package static func prefix(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor.open(path, O_RDONLY)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, size(of: path) ?? 0))
        while bytes.count < limit {
            let part = try file.read(upTo: min(65536, limit - bytes.count))
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// The paths that a shell's pattern (`Labs/*.yml`) stands for, sorted; none where nothing fits.
    package static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    }

    /// Writes a file in place, creating or truncating it.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) {
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        try checked("set the mode of \(path)") { fchmod(file.number, mode) }
        try file.write(bytes)
    }

    /// Writes a file so that readers see the old one or the new one, whole: beside it first, then renamed over it.
    package static func writeAtomically(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644)
        throws(SystemError)
    {
        let temporary = "\(path).\(hexadecimal(Random.bytes(6)))~"
        do throws(SystemError) {
            let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            try checked("set the mode of \(temporary)") { fchmod(file.number, mode) }
            try file.write(bytes)
            try checked("sync \(temporary)") { fsync(file.number) }
            try checked("rename to \(path)") { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Copies a file of any size so that readers see the old one or the new one, whole.
    package static func copyAtomically(_ source: String, to path: String, mode: mode_t = 0o644) throws(SystemError) {
        let original = try FileDescriptor.open(source, O_RDONLY)
        let temporary = "\(path).\(hexadecimal(Random.bytes(6)))~"
        do throws(SystemError) {
            let file = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            while true {
                let part = try original.read(upTo: 1 << 20)
                if part.isEmpty { break }
                try file.write(part)
            }
            try checked("sync \(temporary)") { fsync(file.number) }
            try checked("rename to \(path)") { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Makes a folder and those above it that are missing.
    package static func createDirectories(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw SystemError.current("create \(path)")
        }
        try createDirectories(String(path[..<slash]), mode: mode)
        if mkdir(path, mode) != 0 && errno != EEXIST { throw SystemError.current("create \(path)") }
    }

    /// The entries of a folder, sorted by name.
    package static func list(_ path: String) throws(SystemError) -> [Entry] {
        guard let stream = opendir(path) else { throw SystemError.current("list \(path)") }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            entries.append(Entry(name: name, kind: kind(of: path + "/" + name) ?? .other))
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// Removes a file, or a folder with all below it; links are removed, not followed. Nothing there is no error.
    package static func removeTree(_ path: String) throws(SystemError) {
        switch kind(of: path) {
        case nil: return
        case .directory:
            for entry in try list(path) { try removeTree(path + "/" + entry.name) }
            try checked("remove \(path)") { rmdir(path) }
        default: try checked("remove \(path)") { unlink(path) }
        }
    }

    /// The target of a symbolic link.
    package static func destination(ofLink path: String) throws(SystemError) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = try checked("read the link \(path)") {
            buffer.withUnsafeMutableBytes { bytes -> Int in
                guard let base = bytes.baseAddress else { return 0 }
                return readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
            }
        }
        return String(decoding: buffer[..<length], as: UTF8.self)
    }

    private static func kind(mode: mode_t) -> Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink
        default: .other
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
    }
}
