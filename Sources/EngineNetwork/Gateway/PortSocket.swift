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
        // The interface has no queue that could be used: where it cannot be passed by, sending takes a little longer.
        _ = lab_packet_bypass_queue(descriptor)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes frames in order; each that a full queue or an interface that is down does not take is lost.
    func send(_ frames: [lab_span], of buffer: [UInt8]) {
        frames.withUnsafeBufferPointer { frames in
            _ = lab_packet_send_batch(descriptor, buffer, frames.baseAddress, Int32(clamping: frames.count))
        }
    }

    /// Writes one frame. A full queue or an interface that is down loses it, as a wire would.
    func send(_ frame: [UInt8]) {
        _ = frame.withUnsafeBufferPointer { lab_packet_send(descriptor, $0.baseAddress, Int32(clamping: $0.count)) }
    }
}
