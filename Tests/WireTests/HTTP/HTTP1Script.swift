import Wire

/// A dialogue on one HTTP/1 connection, and what the parser makes of it as lines of text.
///
/// Body slices that follow each other are joined, so that the same lines come out however the input is cut.
struct HTTP1Script {
    var steps: [(side: HTTPSide, octets: [UInt8])]
    var ends: [(side: HTTPSide, end: HTTPStreamEnd)] = []

    init(_ steps: [(HTTPSide, String)], ends: [(HTTPSide, HTTPStreamEnd)] = []) {
        self.steps = steps.map { (side: $0.0, octets: [UInt8]($0.1.utf8)) }
        self.ends = ends.map { (side: $0.0, end: $0.1) }
    }

    /// The events of all steps, each step cut into pieces of `piece` octets.
    func lines(piece: Int = .max, limits: HTTP1Limits = HTTP1Limits()) -> [String] {
        var connection = HTTP1Connection(limits: limits)
        var transcript = HTTP1Transcript()
        for step in steps {
            step.octets.withUnsafeBytes { all in
                var rest = all
                while !rest.isEmpty {
                    var input = UnsafeRawBufferPointer(rebasing: rest.prefix(piece))
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(input.count))
                    while let event = connection.next(&input, from: step.side) {
                        transcript.add(event, step.side, connection.exchange(step.side))
                    }
                }
            }
            drain(&connection, &transcript)
        }
        for end in ends {
            if let event = connection.closed(end.end, from: end.side) {
                transcript.add(event, end.side, connection.exchange(end.side))
            }
        }
        return transcript.lines
    }

    private func drain(_ connection: inout HTTP1Connection, _ transcript: inout HTTP1Transcript) {
        for side in [HTTPSide.client, .server] {
            var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            while let event = connection.next(&nothing, from: side) {
                transcript.add(event, side, connection.exchange(side))
            }
        }
    }
}

/// Events as lines: `C0 GET /x`, `S0 body hello`, `S0 end complete`.
struct HTTP1Transcript {
    private(set) var lines: [String] = []
    private var last: (key: String, octets: [UInt8])?

    mutating func add(_ event: HTTP1Event, _ side: HTTPSide, _ exchange: Int) {
        let who = (side == .client ? "C" : "S") + "\(exchange) "
        switch event {
        case .body(let octets): join(who + "body ", octets)
        case .tunnel(let octets): join(who + "tunnel ", octets)
        case .request(let head):
            lines.append(who + "\(head.method) \(head.target) \(head.version) \(head.framing)" + notes(head.anomalies))
            lines += head.fields.all.map { who + "  \($0.name)=\($0.value)" }
        case .response(let head):
            lines.append(who + "\(head.status) \(head.reason) \(head.version) \(head.framing)" + notes(head.anomalies))
            lines += head.fields.all.map { who + "  \($0.name)=\($0.value)" }
        case .chunk(let size): lines.append(who + "chunk \(size)")
        case .trailers(let fields):
            lines.append(who + "trailers " + fields.all.map { "\($0.name)=\($0.value)" }.joined(separator: ","))
        case .missing(let count): lines.append(who + "missing \(count)")
        case .end(let end): lines.append(who + "end \(end)")
        case .switched(let reason): lines.append(who + "switched \(reason)")
        case .anomaly(let anomaly): lines.append(who + "anomaly \(anomaly)")
        case .failed(let failure): lines.append(who + "failed \(failure)")
        }
        switch event {
        case .body, .tunnel: break
        default: last = nil
        }
    }

    private mutating func join(_ key: String, _ octets: UnsafeRawBufferPointer) {
        if let last, last.key == key {
            let joined = last.octets + octets
            self.last = (key, joined)
            lines[lines.count - 1] = key + String(decoding: joined, as: UTF8.self)
        } else {
            last = (key, [UInt8](octets))
            lines.append(key + String(decoding: octets, as: UTF8.self))
        }
    }

    private func notes(_ anomalies: [HTTP1Anomaly]) -> String {
        anomalies.isEmpty ? "" : " ! " + anomalies.map { "\($0)" }.joined(separator: " ")
    }
}
