import Glibc

/// Whole files read and replaced atomically: a reader sees the old bytes or the new ones, never half of them.
package enum PrivateFile {
    /// Larger files are refused: nothing we read as PEM comes near it.
    private static let limit = 64 << 20

    package static func read(_ path: String) throws(CertificateError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .unreadable(path: path, errno: EFBIG) }
        }
    }

    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Writes beside `path` and renames over it. `mode` is set exactly, whatever the umask says.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(CertificateError) {
        var template = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .unwritable(path: path, errno: errno) }
        var failure: Int32 = 0
        var done = 0
        while done < bytes.count, failure == 0 {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { failure = errno == EINTR ? 0 : errno } else { done += count }
        }
        if failure == 0, fchmod(descriptor, mode) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, rename(template, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(template)
            throw .unwritable(path: path, errno: failure)
        }
    }

    /// Makes `path` with `mode` and the folders above it with 0755; one that exists is left as it is.
    package static func makeFolder(_ path: String, mode: mode_t) throws(CertificateError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .unwritable(path: path, errno: ENOTDIR) }
            return
        }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]), mode: 0o755)
        }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .unwritable(path: path, errno: errno) }
    }
}
