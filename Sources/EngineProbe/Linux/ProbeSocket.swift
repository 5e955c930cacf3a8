import CLinux
import Glibc
import Wire

/// A socket of this machine that probes can be sent by, of the least privileged kind that the kernel permits.
final class ProbeSocket {
    let descriptor: Int32
    let mode: ProbeMode
    let family: IPFamily

    private init(descriptor: Int32, mode: ProbeMode, family: IPFamily) {
        self.descriptor = descriptor
        self.mode = mode
        self.family = family
    }

    deinit { close(descriptor) }

    /// The first of `modes` that may be opened.
    static func open(_ modes: [ProbeMode], family: IPFamily) throws(ProbeError) -> ProbeSocket {
        var code: Int32 = EACCES
        for mode in modes {
            let kind: lab_probe_kind =
                switch mode {
                case .rawICMP: LAB_PROBE_RAW
                case .udp: LAB_PROBE_UDP
                default: LAB_PROBE_DATAGRAM
                }
            let descriptor = lab_probe_open(kind, family == .v4 ? 4 : 6)
            if descriptor >= 0 { return ProbeSocket(descriptor: descriptor, mode: mode, family: family) }
            code = errno
        }
        throw .notPermitted(code: code)
    }
}
