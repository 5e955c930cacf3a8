/// Events that follow from one that was just given out; they come before any further input is read.
struct HTTP1Pending: Sendable {
    var anomalies: [HTTP1Anomaly] = []
    var missing: UInt64?
    var end: HTTP1End?
    var switched: HTTP1Switch?

    @inline(__always)
    mutating func next() -> HTTP1Event? {
        if end == nil, switched == nil, missing == nil, anomalies.isEmpty { return nil }
        return take()
    }

    private mutating func take() -> HTTP1Event? {
        if !anomalies.isEmpty { return .anomaly(anomalies.removeFirst()) }
        if let count = missing {
            missing = nil
            return .missing(count)
        }
        if let end {
            self.end = nil
            return .end(end)
        }
        defer { switched = nil }
        return switched.map(HTTP1Event.switched)
    }
}

/// The requests that still wait for their response, oldest first.
struct HTTP1Expectations: Sendable {
    private var methods: [HTTP1Expectation] = []
    private var done = 0

    var isEmpty: Bool { done == methods.count }
    var first: HTTP1Expectation? { isEmpty ? nil : methods[done] }

    mutating func append(_ method: HTTP1Expectation, limit: Int) {
        guard methods.count - done < limit else { return }
        methods.append(method)
    }

    mutating func removeFirst() {
        guard !isEmpty else { return }
        done += 1
        if done == methods.count {
            methods.removeAll(keepingCapacity: true)
            done = 0
        } else if done > 64, done * 2 > methods.count {
            methods.removeFirst(done)
            done = 0
        }
    }

    /// After a hole nobody knows which responses were lost; most likely all but the last.
    mutating func keepLast() {
        while methods.count - done > 1 { removeFirst() }
    }
}

/// The line before a chunk: a hexadecimal size, then extensions that nobody uses (RFC 9112 §7.1).
struct HTTP1ChunkLine {
    /// Nil when there is no size or it does not fit 64 bits.
    var size: UInt64?
    var hasExtension = false
    var hasBareLineFeed = false

    init(_ octets: UnsafeRawBufferPointer) {
        var line = octets.dropLast()
        if line.last == 0x0d { line = line.dropLast() } else { hasBareLineFeed = true }
        let digits = line.prefix { $0.hexValue != nil }
        let significant = digits.drop { $0 == 0x30 }
        guard !digits.isEmpty, significant.count <= 16 else { return }
        let rest = line[digits.endIndex...].trimmedStart
        guard rest.isEmpty || rest.first == 0x3b else { return }
        hasExtension = !rest.isEmpty
        size = significant.reduce(UInt64(0)) { $0 << 4 | UInt64($1.hexValue ?? 0) }
    }
}
