import CLinux
import Glibc

/// A packet socket on the gateway's end of one host's interface.
final class PortSocket: Sendable {
    /// The host's index in the topology.
    let host: Int
    let descriptor: Int32

    init(host: Int, _ port: Gateway.Port) throws(GatewayError) {
        self.host = host
        descriptor = lab_packet_open(port.interfaceIndex)
        guard descriptor >= 0 else {
            throw .socket(host: port.host, interfaceIndex: port.interfaceIndex, code: errno)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func send(_ frame: UnsafeRawBufferPointer) {
        _ = lab_packet_send(
            descriptor, frame.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: frame.count))
    }

    /// Writes one frame. A full queue or an interface that is down loses it, as a wire would.
    func send(_ frame: [UInt8]) {
        _ = frame.withUnsafeBufferPointer { lab_packet_send(descriptor, $0.baseAddress, Int32(clamping: $0.count)) }
    }
}
