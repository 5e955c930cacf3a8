import Glibc
import SupportCrypto

extension TrustStore {
    /// The file for `name` in the local folder.
    func path(for name: String) throws(TrustError) -> String {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...100).contains(name.utf8.count), !name.hasPrefix("."), !name.hasPrefix("-") else {
            throw .unusableName(name)
        }
        return layout.localFolder + "/" + name + ".crt"
    }

    /// Runs `body` while no other process of ours changes the same store.
    func locked<Result>(_ body: () throws(TrustError) -> Result) throws(TrustError) -> Result {
        let folder = layout.localFolder
        do {
            for needed in [folder, layout.linksFolder] { try PrivateFile.makeFolder(needed, mode: 0o755) }
        } catch {
            throw .file(error)
        }
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.unreadable(path: folder, errno: errno)) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .file(.unreadable(path: folder, errno: errno)) }
        }
        return try body()
    }

    func readIfThere(_ path: String) throws(TrustError) -> [UInt8]? {
        do {
            return try PrivateFile.read(path)
        } catch .unreadable(_, ENOENT) {
            return nil
        } catch {
            throw .file(error)
        }
    }

    /// Replaces the file behind `path` (through links), atomically; a file that is a mount point of its own cannot be
    /// renamed over and is written in place.
    func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TrustError) {
        let target = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        do {
            try PrivateFile.write(bytes, to: target ?? path, mode: mode)
        } catch .unwritable(_, EBUSY) {
            try overwrite(bytes, at: target ?? path)
        } catch {
            throw .file(error)
        }
    }

    private func overwrite(_ bytes: [UInt8], at path: String) throws(TrustError) {
        let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(.unwritable(path: path, errno: errno)) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw .file(.unwritable(path: path, errno: errno)) }
            done += max(0, count)
        }
    }

    func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let length = readlink(path, &target, target.count)
        return length > 0 ? String(decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Where `needle` stands last in `haystack`.
    static func lastRange(of needle: [UInt8], in haystack: [UInt8]) -> Range<Int>? {
        guard !needle.isEmpty, needle.count <= haystack.count else { return nil }
        for start in stride(from: haystack.count - needle.count, through: 0, by: -1)
        where haystack[start] == needle[0] && haystack[start..<start + needle.count].elementsEqual(needle) {
            return start..<start + needle.count
        }
        return nil
    }
}
