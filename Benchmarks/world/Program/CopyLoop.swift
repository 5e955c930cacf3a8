import CLinux
import EngineNetwork
import Glibc
import LabWorld
import Wire

/// What the emulated network is compared with: a loop that hands each frame of one host to the other, with its hardware
/// address and nothing else changed.
enum CopyLoop {
    /// The seed that asks for this loop in place of the emulated network.
    static let seed: UInt64 = 0xC0B1

    static let opening: WorldProcess.GatewayOpening = { topology, seed, ports, _ in
        guard seed == CopyLoop.seed else {
            let gateway = try Gateway(topology: topology, seed: seed, ports: ports)
            return .init(serve: { gateway.run() }, change: { gateway.apply($0, made: $1) })
        }
        let sockets = ports.map { lab_packet_open($0.interfaceIndex) }
        let addresses = ports.map { topology.hardwareAddress(ofHost: $0.host)?.bytes ?? [] }
        let waitSet = lab_wait_open()
        for (index, socket) in sockets.enumerated() { _ = lab_wait_add(waitSet, socket, UInt64(index)) }
        return .init(serve: { copy(waitSet, sockets, addresses) }, change: { _, made in made() })
    }

    private static func copy(_ waitSet: Int32, _ sockets: [Int32], _ addresses: [[UInt8]]) {
        let (slot, batch) = (65_550, 32)
        var buffer = [UInt8](repeating: 0, count: slot * batch)
        var frames = [lab_frame](repeating: lab_frame(), count: batch)
        var tags = [UInt64](repeating: 0, count: 8)
        while true {
            let ready = lab_wait(waitSet, &tags, Int32(tags.count), -1)
            guard ready >= 0 else { return }
            for tag in tags.prefix(Int(ready)) {
                let other = 1 - Int(tag)
                let count = lab_packet_receive(sockets[Int(tag)], &buffer, Int32(slot), &frames, Int32(batch))
                guard count > 0 else { continue }
                for index in 0..<Int(count) {
                    buffer.withUnsafeMutableBytes { bytes in
                        let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[(index * slot)...])
                        for (offset, byte) in addresses[other].enumerated() { frame[offset] = byte }
                        if frames[index].checksum_pending != 0 {
                            TransportChecksum.finish(
                                in: UnsafeMutableRawBufferPointer(rebasing: frame[..<Int(frames[index].length)]))
                        }
                        if let start = frame.bindMemory(to: UInt8.self).baseAddress {
                            lab_packet_send(sockets[other], start, frames[index].length)
                        }
                    }
                }
            }
        }
    }
}
