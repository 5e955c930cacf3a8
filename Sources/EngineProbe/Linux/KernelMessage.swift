import CLinux
import Glibc
import Wire

/// What the kernel hands over beside a message or an error, in our own terms.
extension lab_probe_message {
    /// Who sent it; of an error, who reports it.
    var sender: IPAddress? {
        withUnsafeBytes(of: address) { IPAddress(bytes: UnsafeRawBufferPointer(rebasing: $0[..<Int(address_length)])) }
    }

    /// Of an error: where the offending packet was sent to.
    var destinationAddress: IPAddress? {
        withUnsafeBytes(of: destination) {
            IPAddress(bytes: UnsafeRawBufferPointer(rebasing: $0[..<Int(destination_length)]))
        }
    }

    /// The TTL or hop limit it arrived with.
    var hopLimit: UInt8? { UInt8(exactly: time_to_live) }

    /// When it arrived on the monotonic clock: the stamp is on the other one, which may be set while we wait.
    func arrived(now: Int64) -> Int64 {
        guard arrival != 0 else { return now }
        let stamped = arrival &+ (now &- lab_clock_realtime())
        return stamped > now || stamped < now &- 1_000_000_000 ? now : stamped
    }

    /// What a reporting router added behind the quote in `bytes` (RFC 4884 §7).
    func extensions(_ bytes: UnsafeRawBufferPointer) -> [ICMPExtension] {
        let start = Int(departure_number & 0xFFFF)
        guard start > 0, start < bytes.count else { return [] }
        return ProbeReader.extensions(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    /// Of an error that this machine found itself: nobody answered to the address on the link, or the packet is too large for
    /// it; "host unreachable" in ICMP's words.
    func ownFinding(about target: IPAddress, _ number: UInt16, _ at: Int64) -> ProbeObservation {
        let isVersion4 = target.family == .v4
        let outcome: ProbeObservation.Outcome =
            error == EMSGSIZE
            ? .packetTooBig(mtu: Int(error_mtu))
            : .unreachable(type: isVersion4 ? 3 : 1, code: isVersion4 ? 1 : 3)
        return ProbeObservation(
            number: number, outcome: outcome, target: target, from: nil, timeToLive: nil, bytes: 0, at: at)
    }
}
