import CLinux
import Glibc
import Synchronization

/// A descriptor that is closed once: by `close`, or when the last reference goes.
package final class FileDescriptor: Sendable {
    private let value: Atomic<Int32>

    /// Takes over a descriptor which nobody else closes.
    package init(owning descriptor: Int32) { value = Atomic(descriptor) }

    deinit { close() }

    /// The number, for system calls; -1 after `close` or `release`.
    package var number: Int32 { value.load(ordering: .acquiring) }

    package func close() {
        let descriptor = value.exchange(-1, ordering: .acquiringAndReleasing)
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Gives the number away: whoever gets it closes it.
    package func release() -> Int32 { value.exchange(-1, ordering: .acquiringAndReleasing) }

    /// Opens with close-on-exec.
    package static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) throws(SystemError)
        -> FileDescriptor
    {
        FileDescriptor(owning: try checked("open \(path)") { Glibc.open(path, flags | O_CLOEXEC, mode) })
    }

    /// A second descriptor of the same open file.
    package func duplicate() throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try checked("duplicate a descriptor") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// Both ends of a pipe.
    package static func pipe() throws(SystemError) -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        try checked("make a pipe") { lab_pipe(&ends) }
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }

    /// Reads up to `count` bytes; empty at the end.
    package func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                filled = try checked("read") { Glibc.read(number, buffer.baseAddress, count) }
            } catch {
                failure = error
                filled = 0
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            offset += try bytes[offset...].withUnsafeBytesTyped { buffer throws(SystemError) in
                try checked("write") { Glibc.write(number, buffer.baseAddress, buffer.count) }
            }
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func withUnsafeBytesTyped<Result>(
        _ body: (UnsafeRawBufferPointer) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let outcome = withUnsafeBytes { buffer -> Swift.Result<Result, SystemError> in
            do throws(SystemError) { return .success(try body(buffer)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
