import CLinux
import Glibc
import Wire

/// Probes over this machine's own network, from the network namespace of the thread that opened it.
///
/// Round trips end at the kernel's arrival stamp where there is one, so that a busy machine does not lengthen them; with
/// `stampsDepartures` they begin at the kernel's stamp too.
package final class LinuxProbeTransport: ProbeTransport {
    /// How probes are made and sent.
    package struct Options: Sendable {
        /// The kinds of sockets to try, in their order.
        package var modes: [ProbeMode] = [.datagramICMP, .rawICMP]
        /// Tells this run's echoes from those of other programs; the kernel replaces it in datagram mode. Draw it at random.
        package var identifier: UInt16
        package var payload: EchoPayload
        /// An interface or an address of this host.
        package var source: String?
        package var fragmentation: PingConfiguration.Fragmentation?
        package var scope: UInt32 = 0
        /// Costs a call for each packet, which a flood does not want.
        package var stampsDepartures = false
        /// Whom all probes go to, where it is one: what reports quote is held against it.
        package var target: IPAddress?
        /// The destination port of the first probe, or of the first flow.
        package var basePort: UInt16 = LinuxProbeTransport.classicPort

        /// The address that probes to the one target leave from; nil where an interface was named instead.
        fileprivate var ownAddress: IPAddress? {
            guard let target else { return nil }
            return source.map { IPAddress($0) } ?? ProbeSocket.source(towards: target)
        }

        package init(identifier: UInt16, payload: EchoPayload) {
            self.identifier = identifier
            self.payload = payload
        }
    }

    /// Where classic traceroute begins; nothing is expected to listen there. Ports are used again after so many probes.
    package static let classicPort: UInt16 = 33434
    package static let portCount: UInt16 = 2560
    /// How many messages one call takes, and after how many sends replies are looked for.
    private static let batch = 32

    private struct Line {
        let socket: ProbeSocket
        let reader: ProbeReader
        var departures: Departures?
    }

    package let mode: ProbeMode
    private var lines: [Line] = []
    private let options: Options
    private let interrupt: ProbeInterrupt
    private var descriptors: [Int32]
    private let slotSize: Int
    /// Not filled with anything: pages that no message needs are never touched.
    private let buffer: UnsafeMutableRawBufferPointer
    private var messages = [lab_probe_message](repeating: lab_probe_message(), count: batch)
    /// What was heard and not asked for yet.
    private var heard: [ProbeObservation] = []
    private var taken = 0
    private var sends = 0
    /// The probe that last went to each port of UDP.
    private var numbers: [UInt16] = []
    /// The probes of flows by their marks: they share a port.
    private var marks: [UInt64: UInt16] = [:]

    /// A socket for each of `families`.
    package init(
        families: [IPFamily], _ options: Options, interrupt: ProbeInterrupt = ProbeInterrupt()
    ) throws(ProbeError) {
        self.options = options
        self.interrupt = interrupt
        slotSize = options.payload.size > 1800 ? 70_000 : 2048
        buffer = .allocate(byteCount: slotSize * LinuxProbeTransport.batch, alignment: 16)
        for family in [IPFamily.v4, .v6] where families.contains(family) {
            let socket = try ProbeSocket.open(lines.first.map { [$0.socket.mode] } ?? options.modes, family: family)
            if let source = options.source { try socket.bind(to: source) }
            if let fragmentation = options.fragmentation { socket.setFragmentation(fragmentation) }
            let isStamping = options.stampsDepartures && lab_probe_stamp_departures(socket.descriptor) == 0
            lines.append(
                Line(
                    socket: socket,
                    reader: ProbeReader(
                        identifier: socket.mode == .rawICMP ? options.identifier : nil, payload: options.payload,
                        source: options.ownAddress, target: options.target),
                    departures: isStamping ? Departures() : nil))
        }
        guard let first = lines.first else { throw .invalidConfiguration("There is nobody to probe.") }
        mode = first.socket.mode
        descriptors = lines.map(\.socket.descriptor) + [interrupt.bell]
        numbers = mode == .udp ? [UInt16](repeating: 0, count: Int(LinuxProbeTransport.portCount)) : []
    }

    deinit { buffer.deallocate() }

    /// Probes to one target; `preferred` narrows the kinds of sockets that are tried.
    package convenience init(
        target: IPAddress, scope: UInt32 = 0, method: TracerouteConfiguration.Method = .icmp, identifier: UInt16,
        payload: EchoPayload = EchoPayload(secret: 0, size: 56), interrupt: ProbeInterrupt = ProbeInterrupt(),
        preferred: [ProbeMode]? = nil
    ) throws(ProbeError) {
        var payload = payload
        payload.sizeVaries = true
        var options = Options(identifier: identifier, payload: payload)
        options.modes = preferred ?? (method == .udp ? [.udp] : [.datagramICMP, .rawICMP])
        options.scope = scope
        try self.init(families: [target.family], options, interrupt: interrupt)
    }

    package var isInterrupted: Bool { interrupt.isInterrupted }
    package func now() -> Int64 { lab_clock_monotonic() }

    // MARK: Sending

    package func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        guard let place = lines.firstIndex(where: { $0.socket.family == probe.target.family }) else {
            throw .networkUnreachable(probe.target)
        }
        sends += 1
        if sends % LinuxProbeTransport.batch == 0 { try drain() }
        let bytes = message(probe)
        let port = port(probe, bytes)
        let address = probe.target.bytes
        var attempts = 0
        while true {
            let sentAt = lab_clock_monotonic()
            let code = lab_probe_send(
                lines[place].socket.descriptor, address, Int32(address.count), options.scope, port,
                Int32(probe.timeToLive ?? 0), bytes, Int32(clamping: bytes.count))
            switch code {
            case 0:
                lines[place].departures?.sent(probe, at: sentAt)
                return sentAt
            case ENETUNREACH, EADDRNOTAVAIL: throw .networkUnreachable(probe.target)
            case EMSGSIZE: throw .messageTooBig(probe.target, mtu: try localMTU(place))
            // The socket is full of packets that wait for a neighbour's address, or for a slow link.
            case EAGAIN where attempts < 200, ENOBUFS where attempts < 200:
                attempts += 1
                var ready: [UInt8] = [0]
                _ = lab_poll_readable([interrupt.bell], &ready, 1, 500_000)
                try drain()
            default: throw .sendFailed(probe.target, code: code)
            }
        }
    }

    private func port(_ probe: Probe, _ payload: [UInt8]) -> UInt16 {
        guard mode == .udp else { return 0 }
        if let flow = probe.flow, let mark = EchoPayload.mark(of: payload) {
            marks[mark] = probe.number
            return options.basePort &+ flow
        }
        let slot = (probe.number &- 1) % LinuxProbeTransport.portCount
        numbers[Int(slot)] = probe.number
        return options.basePort &+ slot
    }

    private func number(ofPort port: UInt16, _ payload: UnsafeRawBufferPointer) -> UInt16? {
        if !marks.isEmpty { return EchoPayload.mark(of: payload).flatMap { marks[$0] } }
        let slot = Int(port) - Int(options.basePort)
        return numbers.indices.contains(slot) && numbers[slot] != 0 ? numbers[slot] : nil
    }

    /// The kernel completes the checksum of ICMPv6 and of datagram sockets; for raw IPv4 it is in the message.
    private func message(_ probe: Probe) -> [UInt8] {
        let payload = EchoPayload(secret: options.payload.secret, size: probe.size, pattern: options.payload.pattern)
            .bytes(to: probe.target, number: probe.number, flow: probe.flow)
        guard mode != .udp else { return payload }
        return ICMPHeader.message(
            type: probe.target.family == .v4 ? 8 : 128, rest: UInt32(options.identifier) << 16 | UInt32(probe.number),
            payload: payload, from: probe.target, to: probe.target)
    }

    // MARK: Receiving

    package func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while true {
            if taken == heard.count {
                heard.removeAll(keepingCapacity: true)
                taken = 0
                try drain()
            }
            if taken < heard.count {
                taken += 1
                return heard[taken - 1]
            }
            if isInterrupted { return nil }
            let left = deadline == Int64.max ? -1 : max(0, deadline.subtractingReportingOverflow(now()).partialValue)
            if deadline == Int64.min || left == 0 { return nil }
            var ready = [UInt8](repeating: 0, count: descriptors.count)
            let count = lab_poll_readable(descriptors, &ready, Int32(descriptors.count), left)
            if count < 0 { throw .receiveFailed(code: errno) }
        }
    }

    /// Takes everything that waits in the kernel.
    private func drain() throws(ProbeError) {
        for place in lines.indices {
            if lines[place].socket.hasErrorQueue || lines[place].departures != nil {
                try take(place, errors: true) { errorReceived(place, $0, $1) }
            }
            try take(place, errors: false) { messageReceived(place, $0, $1) }
        }
    }

    private func take(
        _ place: Int, errors: Bool, _ read: (lab_probe_message, UnsafeRawBufferPointer) -> ProbeObservation?
    ) throws(ProbeError) {
        var failures = 0
        while true {
            let count = lab_probe_receive_many(
                lines[place].socket.descriptor, errors ? 1 : 0, buffer.baseAddress, Int32(slotSize), &messages,
                Int32(LinuxProbeTransport.batch))
            // A pending socket error is told once by any call; the error queue has it in full.
            if count < 0, failures < 64, errno != EBADF, errno != EFAULT {
                failures += 1
                continue
            }
            guard count >= 0 else { throw .receiveFailed(code: errno) }
            for index in 0..<Int(count) {
                let start = index * slotSize
                let end = start + min(max(0, Int(messages[index].length)), slotSize)
                let part = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
                if let observation = read(messages[index], part) { heard.append(observation) }
            }
            if count < LinuxProbeTransport.batch { return }
        }
    }

    /// What the kernel says of its own about a packet it would not send: the MTU that was in the way; 0 when it says nothing.
    private func localMTU(_ place: Int) throws(ProbeError) -> Int {
        var mtu = 0
        try take(place, errors: true) { message, bytes in
            if message.error_origin == 1, message.error == EMSGSIZE {
                mtu = Int(message.error_mtu)
                return nil
            }
            return errorReceived(place, message, bytes)
        }
        return mtu
    }

    private func measured(
        _ place: Int, _ observation: ProbeObservation?, _ message: lab_probe_message, _ now: Int64
    ) -> ProbeObservation? {
        guard var observation, let target = observation.target ?? observation.from else { return observation }
        observation.measured = lines[place].departures?.roundTrip(
            target, observation.number, arrival: message.arrival, now: now)
        return observation
    }

    private func messageReceived(
        _ place: Int, _ message: lab_probe_message, _ bytes: UnsafeRawBufferPointer
    ) -> ProbeObservation? {
        guard let from = message.sender else { return nil }
        let line = lines[place]
        let now = lab_clock_monotonic()
        let arrival = ProbeReader.Arrival(from: from, timeToLive: message.hopLimit, at: message.arrived(now: now))
        if mode == .udp {
            // Whoever listens there and answers is alive as well.
            guard let number = number(ofPort: message.destination_port, bytes) else { return nil }
            return ProbeObservation(
                number: number, outcome: .reply, from: from, timeToLive: arrival.timeToLive, bytes: bytes.count,
                at: arrival.at)
        }
        var icmp = bytes
        let hasHeader = mode == .rawICMP && line.socket.family == .v4
        if hasHeader {
            guard let header = try? IPv4Header(parsing: bytes, truncationAllowed: true) else { return nil }
            icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
        }
        return measured(place, line.reader.message(icmp, arrival, verifiesChecksum: hasHeader), message, now)
    }

    // MARK: Errors

    /// The error queue quotes the ICMP echo of datagram sockets, and the payload of UDP, whose port it tells.
    private func errorReceived(
        _ place: Int, _ message: lab_probe_message, _ bytes: UnsafeRawBufferPointer
    ) -> ProbeObservation? {
        if message.error_origin == 4 {
            lines[place].departures?.stamped(message.departure_number, at: message.departure)
            return nil
        }
        guard let target = message.destinationAddress else { return nil }
        let line = lines[place]
        let queued =
            mode == .udp ? number(ofPort: message.destination_port, bytes) : line.reader.number(ofQueued: bytes)
        guard let number = queued else { return nil }
        let now = lab_clock_monotonic()
        let at = message.arrived(now: now)
        guard message.error_origin == 2 || message.error_origin == 3 else {
            return message.ownFinding(about: target, number, at)
        }
        let kind = ICMPKind(family: target.family, type: message.error_type, code: message.error_code)
        guard
            var outcome = ProbeReader.outcome(
                kind, message.error_type, message.error_code, mtu: Int(message.error_mtu))
        else { return nil }
        let portUnreachable: UInt8 = target.family == .v4 ? 3 : 4
        if mode == .udp, kind == .destinationUnreachable, message.error_code == portUnreachable,
            message.sender == target
        {
            outcome = .reply
        }
        let quoted = mode == .udp ? bytes : UnsafeRawBufferPointer(rebasing: bytes[min(8, bytes.count)...])
        let isOurs = options.payload.mayBeQuoted(quoted, to: target, number: number)
        var observation = ProbeObservation(
            number: number, outcome: outcome, target: target, from: message.sender, timeToLive: message.hopLimit,
            bytes: 0, at: at, integrity: isOurs ? .intact : .forged)
        observation.extensions = message.extensions(bytes)
        return measured(place, observation, message, now)
    }
}
