import Glibc
import SupportLinux
import Wire

/// The growing pcapng file: what was captured goes out with every batch, so a reader always finds whole blocks.
struct CaptureFile: ~Copyable {
    private let descriptor: FileDescriptor
    private let path: String
    private var writer = CaptureWriter()
    private(set) var size: UInt64 = 0
    private(set) var failure: CaptureFailure?

    init(_ path: String) throws(CaptureFailure) {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
        } catch {
            throw .file(path, reason: SystemError.text(of: error.code))
        }
    }

    mutating func addInterface(_ handle: PcapHandle) {
        _ = writer.addInterface(
            CaptureInterface(
                linkType: handle.linkType, snapLength: UInt32(clamping: handle.snapLength), name: handle.name))
    }

    /// A batch that grows large goes out at once, so memory stays small however much one dispatch brings.
    mutating func add(_ octets: UnsafeRawBufferPointer, interface: Int, timestamp: Int64, length: Int) {
        writer.frame(octets, interface: interface, timestamp: timestamp, originalLength: length)
        unwritten += octets.count + 32
        if unwritten > 1 << 20 { flush() }
    }

    private var unwritten = 0

    mutating func add(secrets: [UInt8]) { writer.tlsSecrets(secrets) }

    mutating func add(_ statistics: InterfaceStatistics) { writer.statistics(statistics) }

    /// Gives everything so far to the kernel. After a failure nothing more is written: the file stays readable.
    mutating func flush() {
        unwritten = 0
        let octets = writer.drain()
        guard failure == nil, !octets.isEmpty else { return }
        do throws(SystemError) {
            try descriptor.write(octets)
            size += UInt64(octets.count)
        } catch {
            failure = .file(path, reason: SystemError.text(of: error.code))
            _ = ftruncate(descriptor.number, off_t(size))
        }
    }
}
