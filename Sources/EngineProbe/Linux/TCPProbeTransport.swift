import CLinux
import Glibc
import Wire

/// TCP SYNs as probes: each is a connection attempt of the kernel with a TTL of its own, which takes no privilege.
///
/// An open port answers with SYN and ACK and a closed one with RST (RFC 9293 §3.10.7), and both are replies; what routers report
/// comes by the error queue. An attempt is given up before the kernel would send its SYN again (RFC 6298 §2.1: after a second),
/// since nobody could tell which of the two an answer belongs to. A connection that comes about is reset at once.
package final class TCPProbeTransport: ProbeTransport {
    package let mode = ProbeMode.tcp

    private struct Attempt {
        let descriptor: Int32
        let probe: Probe
        let sentAt: Int64
    }

    private static let lifetime: Int64 = 950_000_000
    private static let attemptLimit = 512

    private let family: IPFamily
    private let port: UInt16
    private let scope: UInt32
    private let source: String?
    private let interrupt: ProbeInterrupt
    /// In the order of sending.
    private var attempts: [Attempt] = []
    private var heard: [ProbeObservation] = []
    private var buffer = [UInt8](repeating: 0, count: 2048)

    /// - Parameters:
    ///   - port: where the attempts go to; web servers and most firewalls' exceptions are at 80 and 443.
    ///   - source: an interface or an address of this host.
    package init(
        family: IPFamily, port: UInt16, scope: UInt32 = 0, source: String? = nil,
        interrupt: ProbeInterrupt = ProbeInterrupt()
    ) throws(ProbeError) {
        self.family = family
        self.port = port
        self.scope = scope
        self.source = source
        self.interrupt = interrupt
        // What this host does not permit, or does not have, shows before anything is sent.
        _ = try open()
    }

    deinit { for attempt in attempts { close(attempt.descriptor) } }

    package var isInterrupted: Bool { interrupt.isInterrupted }
    package func now() -> Int64 { lab_clock_monotonic() }

    private func open() throws(ProbeError) -> ProbeSocket {
        let socket = try ProbeSocket.open([.tcp], family: family)
        if let source { try socket.bind(to: source) }
        return socket
    }

    // MARK: Sending

    package func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        guard probe.target.family == family else { throw .networkUnreachable(probe.target) }
        if attempts.count >= Self.attemptLimit { giveUp(Array(attempts.indices.prefix(1))) }
        let socket = try open()
        let address = probe.target.bytes
        let sentAt = lab_clock_monotonic()
        let code = lab_probe_connect(
            socket.descriptor, address, Int32(address.count), scope, port, Int32(probe.timeToLive ?? 0))
        switch code {
        case 0:
            attempts.append(Attempt(descriptor: socket.release(), probe: probe, sentAt: sentAt))
            return sentAt
        // The answer was there before the call returned, as on loopback.
        case ECONNREFUSED:
            heard.append(reply(to: probe, at: lab_clock_monotonic()))
            return sentAt
        case ENETUNREACH, EADDRNOTAVAIL: throw .networkUnreachable(probe.target)
        default: throw .sendFailed(probe.target, code: code)
        }
    }

    // MARK: Receiving

    package func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while true {
            if !heard.isEmpty { return heard.removeFirst() }
            let now = now()
            giveUp(attempts.indices.filter { now - attempts[$0].sentAt >= Self.lifetime })
            if isInterrupted || deadline == Int64.min { return nil }
            var ready = [UInt8](repeating: 0, count: attempts.count)
            let count = lab_poll_connecting(
                interrupt.bell, attempts.map(\.descriptor), &ready, Int32(attempts.count), wait(now, deadline))
            if count < 0 { throw .receiveFailed(code: errno) }
            let ended = attempts.indices.filter { ready[$0] != 0 }
            for index in ended {
                if let observation = outcome(of: attempts[index]) { heard.append(observation) }
            }
            giveUp(ended)
            if heard.isEmpty, self.now() >= deadline { return nil }
        }
    }

    /// Until the deadline, or until the oldest attempt has to be given up; negative: for ever.
    private func wait(_ now: Int64, _ deadline: Int64) -> Int64 {
        var left = deadline == Int64.max ? Int64.max : max(0, deadline.subtractingReportingOverflow(now).partialValue)
        if let oldest = attempts.first { left = min(left, max(0, oldest.sentAt + Self.lifetime - now)) }
        return left == Int64.max ? -1 : left
    }

    private func giveUp(_ places: [Int]) {
        for place in places.reversed() { close(attempts.remove(at: place).descriptor) }
    }

    /// What the error queue says, or else the socket. Nil: nothing that tells of the path.
    private func outcome(of attempt: Attempt) -> ProbeObservation? {
        var message = lab_probe_message()
        let count = lab_probe_receive(attempt.descriptor, 1, &buffer, Int32(buffer.count), &message)
        let now = now()
        if count == 1 {
            return buffer.withUnsafeBytes { bytes in
                report(
                    message, UnsafeRawBufferPointer(rebasing: bytes.prefix(max(0, Int(message.length)))), attempt, now)
            }
        }
        switch lab_probe_connected(attempt.descriptor) {
        case 0, ECONNREFUSED: return reply(to: attempt.probe, at: now)
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN:
            return message.ownFinding(about: attempt.probe.target, attempt.probe.number, now)
        default: return nil
        }
    }

    private func reply(to probe: Probe, at time: Int64) -> ProbeObservation {
        ProbeObservation(
            number: probe.number, outcome: .reply, target: probe.target, from: probe.target, timeToLive: nil, bytes: 0,
            at: time)
    }

    /// A report about the SYN. The kernel has held what it quotes to the connection's ports and sequence number.
    private func report(
        _ message: lab_probe_message, _ bytes: UnsafeRawBufferPointer, _ attempt: Attempt, _ now: Int64
    ) -> ProbeObservation? {
        let (probe, at) = (attempt.probe, message.arrived(now: now))
        guard message.error_origin == 2 || message.error_origin == 3 else {
            return message.ownFinding(about: probe.target, probe.number, at)
        }
        let kind = ICMPKind(family: family, type: message.error_type, code: message.error_code)
        guard
            let outcome = ProbeReader.outcome(
                kind, message.error_type, message.error_code, mtu: Int(message.error_mtu))
        else { return nil }
        var observation = ProbeObservation(
            number: probe.number, outcome: outcome, target: probe.target, from: message.sender,
            timeToLive: message.hopLimit, bytes: 0, at: at)
        observation.extensions = message.extensions(bytes)
        return observation
    }
}
