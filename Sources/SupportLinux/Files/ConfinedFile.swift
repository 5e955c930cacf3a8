import CLinux
import Glibc

/// One plain file below a folder, read without ever following a symbolic link: neither at its end nor on the way, so that
/// nothing outside the folder can be meant, whoever changes the folder meanwhile.
package enum ConfinedFile {
    /// Why a file is not taken.
    package enum Refusal: Error, Sendable {
        /// A symbolic link, at this part of the path.
        case link(String)
        /// A folder, a pipe, a device.
        case notPlain
        /// Larger than it may be.
        case tooLarge(limit: Int)
        case unreadable(SystemError)
    }

    /// - Parameters:
    ///   - path: below the folder, parts separated by `/`, none of them empty, `.` or `..`.
    ///   - limit: in bytes.
    /// - Returns: the whole file; nil where there is none.
    package static func read(_ path: String, in folder: String, limit: Int) throws(Refusal) -> [UInt8]? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last, !parts.contains(where: { ["", ".", ".."].contains($0) }) else { return nil }
        var place: FileDescriptor
        do {
            place = try FileDescriptor.open(folder, O_RDONLY | O_DIRECTORY)
        } catch {
            throw .unreadable(error)
        }
        for part in parts.dropLast() {
            guard let next = try open(part, at: place, O_RDONLY | O_DIRECTORY) else { return nil }
            place = next
        }
        // A pipe without a writer would keep a plain open waiting.
        guard let file = try open(last, at: place, O_RDONLY | O_NONBLOCK | O_NOCTTY) else { return nil }
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw .unreadable(SystemError.current("look at \(path)")) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notPlain }
        return try bytes(of: file, limit: limit)
    }

    private static func open(
        _ name: String, at folder: FileDescriptor, _ flags: Int32
    ) throws(Refusal) -> FileDescriptor? {
        while true {
            let descriptor = openat(folder.number, name, flags | O_NOFOLLOW | O_CLOEXEC)
            if descriptor >= 0 { return FileDescriptor(owning: descriptor) }
            switch errno {
            case EINTR: continue
            case ENOENT: return nil
            case ELOOP: throw .link(name)
            case ENOTDIR: if isLink(name, at: folder) { throw .link(name) } else { return nil }
            case ENXIO: throw .notPlain
            default: throw .unreadable(SystemError.current("open \(name)"))
            }
        }
    }

    /// A link where a folder is wanted is refused as no folder.
    private static func isLink(_ name: String, at folder: FileDescriptor) -> Bool {
        var status = stat()
        return fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// What grows while it is read is held to the limit as well.
    private static func bytes(of file: FileDescriptor, limit: Int) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part: [UInt8]
            do {
                part = try file.read(upTo: 65536)
            } catch {
                throw .unreadable(error)
            }
            if part.isEmpty { return bytes }
            guard bytes.count + part.count <= limit else { throw .tooLarge(limit: limit) }
            bytes += part
        }
    }
}
