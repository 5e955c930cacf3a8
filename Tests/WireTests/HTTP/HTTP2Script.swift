import Wire

/// Writes frames for tests, and shows what a connection makes of them as lines of text.
struct HTTP2Script {
    var steps: [(side: HTTPSide, octets: [UInt8])] = []
    var beginning = HTTP2Connection.Beginning.preface

    mutating func preface() { steps.append((.client, HTTP2Preface.octets)) }

    mutating func send(
        _ side: HTTPSide, _ type: HTTP2FrameType, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []
    ) {
        steps.append((side, Self.frame(type, flags: flags, stream: stream, payload)))
    }

    static func frame(_ type: HTTP2FrameType, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8]
    {
        let length = UInt32(payload.count)
        var octets = [
            UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type.rawValue, flags,
        ]
        octets += word(stream)
        return octets + payload
    }

    static func word(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    func lines(piece: Int = .max, limits: HTTP2Limits = HTTP2Limits()) -> [String] {
        var connection = HTTP2Connection(beginning, limits: limits)
        var transcript = HTTP2Transcript()
        for step in steps {
            step.octets.withUnsafeBytes { all in
                var rest = all
                while !rest.isEmpty {
                    var input = UnsafeRawBufferPointer(rebasing: rest.prefix(piece))
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(input.count))
                    while let event = connection.next(&input, from: step.side) { transcript.add(event, step.side) }
                }
            }
        }
        return transcript.lines
    }
}

/// Events as lines; frame begins and ends only on demand.
struct HTTP2Transcript {
    private(set) var lines: [String] = []
    private(set) var frames: [String] = []
    private var last: (key: String, octets: [UInt8])?

    mutating func add(_ event: HTTP2Event, _ side: HTTPSide) {
        let who = side == .client ? "C " : "S "
        switch event {
        case .data(let stream, let octets):
            let key = who + "\(stream) data "
            let joined = (last?.key == key ? last?.octets ?? [] : []) + octets
            if last?.key == key { lines.removeLast() }
            last = (key, joined)
            lines.append(key + String(decoding: joined, as: UTF8.self))
            return
        case .frame(let header):
            frames.append(who + "\(header.stream) \(header.type.name ?? "?") \(header.flags) \(header.length)")
            return
        case .frameEnd: return
        case .preface: lines.append(who + "preface")
        case .head(let head):
            let fields = head.fields.all.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            lines.append(who + "\(head.stream) \(head.kind) \(fields)")
        case .missing(let stream, let count): lines.append(who + "\(stream) missing \(count)")
        case .end(let stream): lines.append(who + "\(stream) end")
        case .reset(let stream, let code): lines.append(who + "\(stream) reset \(code)")
        case .settings(let settings):
            lines.append(who + "settings " + settings.map { "\($0.identifier)=\($0.value)" }.joined(separator: " "))
        case .settingsAcknowledged: lines.append(who + "settings ack")
        case .windowUpdate(let stream, let increment): lines.append(who + "\(stream) window \(increment)")
        case .ping(let opaque, let isAck): lines.append(who + "ping \(opaque) \(isAck)")
        case .priority(let stream, let priority):
            lines.append(who + "\(stream) priority \(priority.isExclusive) \(priority.dependency) \(priority.weight)")
        case .goAway(let stream, let code, let debug):
            lines.append(who + "goaway \(stream) \(code) " + String(decoding: debug, as: UTF8.self))
        case .anomaly(let anomaly, let stream): lines.append(who + "\(stream) anomaly \(anomaly)")
        case .failed(let failure): lines.append(who + "failed \(failure)")
        }
        last = nil
    }
}
