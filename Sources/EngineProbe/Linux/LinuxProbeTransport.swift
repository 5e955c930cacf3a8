import CLinux
import Glibc
import Wire

/// Probes over this machine's own network, from the network namespace of the thread that opened it.
///
/// Round trips end at the kernel's arrival stamp where there is one, so that a busy machine does not lengthen them.
package final class LinuxProbeTransport: ProbeTransport {
    /// Where classic traceroute begins; nothing is expected to listen there.
    static let basePort: UInt16 = 33434

    private let socket: ProbeSocket
    private let target: IPAddress
    private let scope: UInt32
    /// Tells this run's echoes from those of other programs; the kernel replaces it in datagram mode.
    private let identifier: UInt16
    private let interrupt: ProbeInterrupt
    private var buffer = [UInt8](repeating: 0, count: 70_000)

    /// `identifier` should be drawn at random for each run. `preferred` narrows the kinds of sockets that are tried.
    package init(
        target: IPAddress, scope: UInt32 = 0, method: TracerouteConfiguration.Method = .icmp, identifier: UInt16,
        interrupt: ProbeInterrupt = ProbeInterrupt(), preferred: [ProbeMode]? = nil
    ) throws(ProbeError) {
        let modes = preferred ?? (method == .udp ? [.udp] : [.datagramICMP, .rawICMP])
        socket = try ProbeSocket.open(modes, family: target.family)
        self.target = target
        self.scope = scope
        self.identifier = identifier
        self.interrupt = interrupt
    }

    package var mode: ProbeMode { socket.mode }
    package var isInterrupted: Bool { interrupt.isInterrupted }
    package func now() -> Int64 { lab_clock_monotonic() }

    package func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        let bytes = message(probe)
        let port = mode == .udp ? LinuxProbeTransport.basePort &+ probe.number &- 1 : 0
        let address = target.bytes
        let sentAt = lab_clock_monotonic()
        let code = lab_probe_send(
            socket.descriptor, address, Int32(address.count), scope, port, Int32(probe.timeToLive ?? 0), bytes,
            Int32(clamping: bytes.count))
        switch code {
        case 0: return sentAt
        case ENETUNREACH, EADDRNOTAVAIL: throw .networkUnreachable(target)
        default: throw .sendFailed(target, code: code)
        }
    }

    /// The kernel completes the checksum of ICMPv6 and of datagram sockets; for raw IPv4 it is in the message.
    private func message(_ probe: Probe) -> [UInt8] {
        let payload = (0..<probe.size).map { UInt8(truncatingIfNeeded: $0) }
        guard mode != .udp else { return payload }
        return ICMPHeader.message(
            type: target.family == .v4 ? 8 : 128, rest: UInt32(identifier) << 16 | UInt32(probe.number),
            payload: payload, from: target, to: target)
    }

    package func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while true {
            if let observation = try poll(errors: mode != .rawICMP) { return observation }
            if isInterrupted { return nil }
            let left = deadline == Int64.max ? -1 : max(0, deadline.subtractingReportingOverflow(now()).partialValue)
            if deadline == Int64.min || left == 0 { return nil }
            var ready: [UInt8] = [0, 0]
            let descriptors = [socket.descriptor, interrupt.bell]
            let count = lab_poll_readable(descriptors, &ready, 2, left)
            if count < 0 { throw .receiveFailed(code: errno) }
        }
    }

    /// Whatever waits already and belongs to this run.
    private func poll(errors: Bool) throws(ProbeError) -> ProbeObservation? {
        var message = lab_probe_message()
        for fromErrors in errors ? [true, false] : [false] {
            while true {
                let result = lab_probe_receive(
                    socket.descriptor, fromErrors ? 1 : 0, &buffer, Int32(buffer.count), &message)
                // A pending socket error is told once; the error queue has it in full.
                if result < 0, !fromErrors, errno != EBADF, errno != EFAULT { break }
                guard result > 0 else { break }
                let observation = buffer.withUnsafeBytes { bytes in
                    let part = UnsafeRawBufferPointer(rebasing: bytes[..<min(Int(message.length), bytes.count)])
                    return fromErrors ? errorReceived(message, quoting: part) : messageReceived(message, part)
                }
                if let observation { return observation }
            }
        }
        return nil
    }

    /// On the monotonic clock: the arrival stamp is on the other one, which may be set while we wait.
    private func arrival(_ message: lab_probe_message) -> Int64 {
        let now = lab_clock_monotonic()
        guard message.arrival != 0 else { return now }
        let stamped = message.arrival &+ (now &- lab_clock_realtime())
        return stamped > now || stamped < now &- 1_000_000_000 ? now : stamped
    }

    private func sender(_ message: lab_probe_message) -> IPAddress? {
        withUnsafeBytes(of: message.address) { IPAddress(bytes: $0.prefix(Int(message.address_length))) }
    }

    private func observation(
        _ number: UInt16, _ outcome: ProbeObservation.Outcome, _ message: lab_probe_message, timeToLive: UInt8?,
        bytes: Int
    ) -> ProbeObservation? {
        sender(message).map {
            ProbeObservation(
                number: number, outcome: outcome, from: $0, timeToLive: timeToLive, bytes: bytes, at: arrival(message))
        }
    }

    private func timeToLive(_ message: lab_probe_message) -> UInt8? { UInt8(exactly: message.time_to_live) }

    // MARK: Messages

    private func messageReceived(_ message: lab_probe_message, _ bytes: UnsafeRawBufferPointer) -> ProbeObservation? {
        guard mode != .udp else { return nil }
        var icmp = bytes
        if mode == .rawICMP, target.family == .v4 {
            guard let header = try? IPv4Header(parsing: bytes, truncationAllowed: true) else { return nil }
            icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
        }
        guard let header = try? ICMPHeader(parsing: icmp) else { return nil }
        let kind = ICMPKind(family: target.family, type: header.type, code: header.code)
        if kind == .echoReply {
            guard mode == .datagramICMP || header.identifier == identifier else { return nil }
            return observation(
                header.sequence, .reply, message, timeToLive: timeToLive(message), bytes: icmp.count)
        }
        guard kind.isError,
            let quoted = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: icmp[ICMPHeader.length...])),
            quoted.destination == target, case .echo(identifier, let sequence) = quoted.transport,
            let outcome = LinuxProbeTransport.outcome(
                kind, header.type, header.code, mtu: Int(header.rest & 0xFFFF_FFFF))
        else { return nil }
        return observation(sequence, outcome, message, timeToLive: timeToLive(message), bytes: icmp.count)
    }

    private static func outcome(
        _ kind: ICMPKind, _ type: UInt8, _ code: UInt8, mtu: Int
    ) -> ProbeObservation.Outcome? {
        switch kind {
        case .timeExceeded: .timeExceeded
        case .destinationUnreachable, .parameterProblem: .unreachable(type: type, code: code)
        case .packetTooBig: .packetTooBig(mtu: mtu)
        default: nil
        }
    }

    // MARK: Errors

    /// The error queue quotes the ICMP echo of datagram sockets, and tells the port of UDP.
    private func errorReceived(
        _ message: lab_probe_message, quoting bytes: UnsafeRawBufferPointer
    ) -> ProbeObservation? {
        let number: UInt16
        if mode == .udp {
            number = message.destination_port &- LinuxProbeTransport.basePort &+ 1
        } else {
            guard let echo = try? ICMPHeader(parsing: bytes) else { return nil }
            number = echo.sequence
        }
        guard message.error_origin == 2 || message.error_origin == 3 else {
            // Nobody answered to the address on the link: this machine's own finding, "host unreachable" in ICMP's words.
            let isVersion4 = target.family == .v4
            return ProbeObservation(
                number: number, outcome: .unreachable(type: isVersion4 ? 3 : 1, code: isVersion4 ? 1 : 3), from: nil,
                timeToLive: nil, bytes: 0, at: arrival(message))
        }
        let kind = ICMPKind(family: target.family, type: message.error_type, code: message.error_code)
        guard
            var outcome = LinuxProbeTransport.outcome(
                kind, message.error_type, message.error_code, mtu: Int(message.error_mtu))
        else { return nil }
        let portUnreachable: UInt8 = target.family == .v4 ? 3 : 4
        if mode == .udp, kind == .destinationUnreachable, message.error_code == portUnreachable,
            sender(message) == target
        {
            outcome = .reply
        }
        return observation(number, outcome, message, timeToLive: timeToLive(message), bytes: 0)
    }
}
