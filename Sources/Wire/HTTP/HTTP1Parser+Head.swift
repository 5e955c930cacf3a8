/// Heads, chunk lines and trailers: the parts that are gathered before they are read.
extension HTTP1Parser {
    private enum Section {
        case incomplete
        case tooLarge
        /// The whole section lies in this input.
        case borrowed(UnsafeRawBufferPointer)
        /// The section was gathered from several inputs.
        case held([UInt8])

        func read<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
            switch self {
            case .incomplete, .tooLarge: nil
            case .borrowed(let octets): body(octets)
            case .held(let octets): octets.withUnsafeBytes(body)
            }
        }
    }

    mutating func readHead(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        if partial.isEmpty {
            while let first = input.first, first == 0x0d || first == 0x0a {
                leadingEmptyLine = true
                advance(&input, 1)
            }
            if input.isEmpty { return nil }
            messageOffset = offset
        }
        let role = role
        let section = section(&input, limit: limits.headSize, end: HTTP1Signature.headEnd)
        switch section {
        case .incomplete:
            if partial.withUnsafeBytes({ HTTP1Signature.mayBeStartLine($0, role) }) { return nil }
            return fail(.notHTTP, &input)
        case .tooLarge: return fail(.headTooLarge(limit: limits.headSize), &input)
        case .borrowed, .held: break
        }
        let read = section.read { octets -> Result<HTTP1Event, HTTP1Failure> in
            guard HTTP1Signature.mayBeStartLine(octets, role) else { return .failure(.notHTTP) }
            return role == .request ? request(octets) : response(octets)
        }
        switch read {
        case .success(let event): return event
        case .failure(let failure): return fail(failure, &input)
        case nil: return nil
        }
    }

    private mutating func request(_ octets: UnsafeRawBufferPointer) -> Result<HTTP1Event, HTTP1Failure> {
        var reader = HTTP1HeadReader(octets: octets, limits: limits)
        guard let line = reader.requestLine() else { return .failure(.startLine) }
        guard line.version.major == 1 else { return .failure(.unsupportedVersion(line.version)) }
        guard let fields = reader.fields() else { return .failure(.tooManyFields(limit: limits.fieldCount)) }
        let framing = HTTP1FramingRules(fields, version: line.version, reader: &reader).request()
        if line.version == .http11 {
            let hosts = fields.values("host").count
            if hosts == 0 { reader.note(.missingHost) }
            if hosts > 1 { reader.note(.severalHosts) }
        }
        noteSurroundings(&reader)
        messageCount += 1
        begin(framing)
        if framing == .none, line.method == "CONNECT" { phase = .awaitingTunnel }
        return .success(
            .request(
                HTTP1RequestHead(
                    method: line.method, target: line.target, version: line.version, fields: fields, framing: framing,
                    anomalies: reader.anomalies, offset: messageOffset, length: octets.count)))
    }

    private mutating func response(_ octets: UnsafeRawBufferPointer) -> Result<HTTP1Event, HTTP1Failure> {
        var reader = HTTP1HeadReader(octets: octets, limits: limits)
        guard let line = reader.statusLine() else { return .failure(.startLine) }
        guard line.version.major == 1 else { return .failure(.unsupportedVersion(line.version)) }
        guard let fields = reader.fields() else { return .failure(.tooManyFields(limit: limits.fieldCount)) }
        let rules = HTTP1FramingRules(fields, version: line.version, reader: &reader)
        let framing = rules.response(status: line.status, to: expectations.first, reader: &reader)
        if expectations.isEmpty { reader.note(.responseWithoutRequest) }
        noteSurroundings(&reader)
        let head = HTTP1ResponseHead(
            status: line.status, reason: line.reason, version: line.version, fields: fields, framing: framing,
            anomalies: reader.anomalies, offset: messageOffset, length: octets.count)
        if !head.isInterim {
            expectations.removeFirst()
            messageCount += 1
        }
        begin(framing)
        if framing == .tunnel {
            enterTunnel(line.status == 101 ? .upgrade(fields.first("upgrade") ?? "") : .connect)
        }
        return .success(.response(head))
    }

    private mutating func noteSurroundings(_ reader: inout HTTP1HeadReader) {
        if leadingEmptyLine { reader.note(.leadingEmptyLine) }
        if resynchronised { reader.note(.resynchronised) }
        leadingEmptyLine = false
        resynchronised = false
    }

    private mutating func begin(_ framing: HTTP1Framing) {
        switch framing {
        case .none: messageEnded(.complete)
        case .length(let length):
            remaining = length
            phase = .fixedBody
        case .chunked: phase = .chunkLine
        case .untilClose: phase = .untilClose
        case .tunnel: pending.end = .complete
        }
    }

    mutating func readChunkLine(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        let section = section(&input, limit: limits.chunkLineSize) { octets, start in
            if let feed = octets.firstIndex(of: 0x0a, from: start) {
                (end: feed + 1, scanned: 0)
            } else {
                (nil, octets.count)
            }
        }
        switch section {
        case .incomplete: return nil
        case .tooLarge: return fail(.chunkLineTooLong(limit: limits.chunkLineSize), &input)
        case .borrowed, .held: break
        }
        guard let line = section.read(HTTP1ChunkLine.init), let size = line.size else {
            return fail(.chunkSize, &input)
        }
        if line.hasExtension { pending.anomalies.append(.chunkExtension) }
        if line.hasBareLineFeed { pending.anomalies.append(.bareLineFeed) }
        remaining = size
        phase = size == 0 ? .trailers : .chunkData
        return .chunk(size: size)
    }

    mutating func readTrailers(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        let section = section(&input, limit: limits.headSize, end: HTTP1Signature.trailerEnd)
        switch section {
        case .incomplete: return nil
        case .tooLarge: return fail(.headTooLarge(limit: limits.headSize), &input)
        case .borrowed, .held: break
        }
        let limits = limits
        let read = section.read { octets -> (fields: HTTPFields?, anomalies: [HTTP1Anomaly]) in
            var reader = HTTP1HeadReader(octets: octets, limits: limits)
            return (reader.fields(), reader.anomalies)
        }
        guard let read, let fields = read.fields else { return fail(.tooManyFields(limit: limits.fieldCount), &input) }
        pending.anomalies.append(contentsOf: read.anomalies)
        messageEnded(.complete)
        return fields.isEmpty ? nil : .trailers(fields)
    }

    /// Gathers octets until `end` finds the section's end, which is looked for from where the last search stopped.
    private mutating func section(
        _ input: inout UnsafeRawBufferPointer, limit: Int,
        end: (UnsafeRawBufferPointer, Int) -> (end: Int?, scanned: Int)
    ) -> Section {
        if partial.isEmpty {
            let found = end(input, 0)
            if let length = found.end {
                return length > limit ? .tooLarge : .borrowed(advance(&input, length))
            }
            guard input.count <= limit else { return .tooLarge }
            scanned = found.scanned
            partial.append(contentsOf: advance(&input, input.count))
            return .incomplete
        }
        let before = partial.count
        partial.append(contentsOf: input.prefix(max(0, limit + 1 - before)))
        let found = partial.withUnsafeBytes { end($0, scanned) }
        guard let length = found.end, length <= limit, length >= before else {
            scanned = found.scanned
            advance(&input, partial.count - before)
            return partial.count > limit ? .tooLarge : .incomplete
        }
        advance(&input, length - before)
        var held: [UInt8] = []
        swap(&held, &partial)
        scanned = 0
        held.removeSubrange(length...)
        return .held(held)
    }
}
