import CLinux
import Glibc
import Wire

/// A socket of this machine that probes can be sent by, of the least privileged kind that the kernel permits.
final class ProbeSocket {
    private(set) var descriptor: Int32
    let mode: ProbeMode
    let family: IPFamily

    private init(descriptor: Int32, mode: ProbeMode, family: IPFamily) {
        self.descriptor = descriptor
        self.mode = mode
        self.family = family
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Hands the descriptor over to whoever closes it.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    /// The first of `modes` that may be opened.
    static func open(_ modes: [ProbeMode], family: IPFamily) throws(ProbeError) -> ProbeSocket {
        var code: Int32 = EACCES
        for mode in modes {
            let kind: lab_probe_kind =
                switch mode {
                case .rawICMP: LAB_PROBE_RAW
                case .udp: LAB_PROBE_UDP
                case .tcp: LAB_PROBE_TCP
                default: LAB_PROBE_DATAGRAM
                }
            let descriptor = lab_probe_open(kind, family == .v4 ? 4 : 6)
            if descriptor >= 0 { return ProbeSocket(descriptor: descriptor, mode: mode, family: family) }
            code = errno
        }
        throw .notPermitted(code: code)
    }

    /// Whether reports come by the error queue instead of among the messages.
    var hasErrorQueue: Bool { mode != .rawICMP }

    /// Sends from an interface, or from an address of this host.
    func bind(to source: String) throws(ProbeError) {
        let code: Int32
        if let address = IPAddress(source) {
            guard address.family == family else { throw .noSuchSource(source, code: EAFNOSUPPORT) }
            let bytes = address.bytes
            code = lab_probe_bind_address(descriptor, bytes, Int32(bytes.count))
        } else {
            guard (1...15).contains(source.utf8.count), !source.utf8.contains(0) else {
                throw .noSuchSource(source, code: ENODEV)
            }
            code = lab_probe_bind_device(descriptor, source)
        }
        if code != 0 { throw .noSuchSource(source, code: code) }
    }

    func setFragmentation(_ fragmentation: PingConfiguration.Fragmentation) {
        _ = lab_probe_fragmentation(descriptor, family == .v4 ? 4 : 6, fragmentation.rawValue)
    }

    /// The address that packets to `target` leave from; nil where there is no route.
    static func source(towards target: IPAddress) -> IPAddress? {
        let bytes = target.bytes
        var source = [UInt8](repeating: 0, count: 16)
        let length = lab_probe_source(bytes, Int32(bytes.count), 0, &source)
        return source.withUnsafeBytes {
            IPAddress(bytes: UnsafeRawBufferPointer(rebasing: $0[..<min(16, max(0, Int(length)))]))
        }
    }
}
