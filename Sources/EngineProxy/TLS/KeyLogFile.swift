import Glibc
import NIOConcurrencyHelpers

/// The NSS key log (draft-ietf-tls-keylogfile): there from the start, so that Wireshark can be pointed at it before any
/// traffic; readable by its owner only; every line written at once and whole.
///
/// `@unchecked Sendable`: the descriptor is only written to, with one write(2) per line in append mode, under the lock.
final class KeyLogFile: @unchecked Sendable {
    let path: String
    private let descriptor: Int32
    private let lock = NIOLock()

    init(path: String) throws(ProxyError) {
        self.path = path
        Self.makeFolders(above: path)
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .keyLog(path: path, errno: errno) }
        // A file that was there with wider rights would show the secrets of everything that follows to everyone.
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { fchmod(descriptor, 0o600) }
    }

    deinit { close(descriptor) }

    func append(_ line: String) {
        let bytes = Array(line.utf8) + [0x0A]
        lock.withLock {
            var done = 0
            while done < bytes.count {
                let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 || errno == EINTR else { return }
                done += max(0, count)
            }
        }
    }

    private static func makeFolders(above path: String) {
        var position = path.startIndex
        while let slash = path[position...].dropFirst().firstIndex(of: "/") {
            mkdir(String(path[..<slash]), 0o755)
            position = slash
        }
    }
}
