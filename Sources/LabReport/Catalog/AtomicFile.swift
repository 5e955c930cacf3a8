import Glibc
import SupportDiagnostics

/// Writes files in one go: into a temporary neighbour, flushed to the disk, then renamed over the old one, so that a
/// reader never sees half a file and a crash leaves the old one whole.
package enum AtomicFile {
    package static func write(_ bytes: [UInt8], to path: String) throws(AtomicFileError) {
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            throw AtomicFileError(path: path, doing: .creating, code: EISDIR)
        }
        if exists, status.st_mode & S_IFMT != S_IFREG {
            try writeThrough(bytes, to: path)
        } else {
            try replace(exists ? resolved(path) : path, with: bytes, mode: exists ? status.st_mode & 0o777 : 0o644)
        }
    }

    private static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t
    ) throws(AtomicFileError) {
        var temporary = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&temporary)
        guard descriptor >= 0 else { throw AtomicFileError(path: path, doing: .creating, code: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var failure: AtomicFileError?
        if let code = writeAll(bytes, to: descriptor) {
            failure = AtomicFileError(path: path, doing: .writing, code: code)
        } else if fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 {
            failure = AtomicFileError(path: path, doing: .writing, code: errno)
        }
        if close(descriptor) != 0, failure == nil {
            failure = AtomicFileError(path: path, doing: .writing, code: errno)
        }
        if failure == nil, rename(temporary, path) != 0 {
            failure = AtomicFileError(path: path, doing: .replacing, code: errno)
        }
        guard let failure else { return }
        unlink(temporary)
        throw failure
    }

    /// A terminal, a pipe or /dev/stdout is written to, never replaced.
    private static func writeThrough(_ bytes: [UInt8], to path: String) throws(AtomicFileError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AtomicFileError(path: path, doing: .creating, code: errno) }
        let code = writeAll(bytes, to: descriptor)
        close(descriptor)
        if let code { throw AtomicFileError(path: path, doing: .writing, code: code) }
    }

    /// The file at the end of symbolic links, so that it is replaced and the link stays.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The error number of the write that failed, or nil.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written < 0, errno != EINTR {
                return errno
            }
        }
        return nil
    }
}

/// Why a file was not written, and at which stage.
package struct AtomicFileError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Stage: String, Sendable, Hashable {
        case creating
        case writing
        case replacing
    }

    package let path: String
    package let doing: Stage
    /// The system's error number.
    package let code: Int32

    package init(path: String, doing: Stage, code: Int32) {
        self.path = path
        self.doing = doing
        self.code = code
    }

    package var description: String {
        let what =
            switch code {
            case ENOENT: "its folder does not exist; make it first, or name another file"
            case EACCES, EPERM, EROFS: "this user may not write there; name a file in a folder of your own"
            case ENOSPC, EDQUOT: "the disk is full; free some space and run the command again"
            case EISDIR, ENOTEMPTY, EEXIST: "there is a folder of that name; name a file"
            default: String(cString: strerror(code))
            }
        return "\(Visible.text(path)) was not written (\(doing.rawValue)): \(what)."
    }
}
