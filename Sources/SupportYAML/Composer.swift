import SupportDiagnostics

/// Builds the tree of a document out of events, resolves aliases, and reports what may not be.
struct Composer {
    private struct Anchor {
        let node: YAMLNode
        /// How many nodes it stands for, with its own aliases expanded.
        let weight: Int
        let height: Int
    }

    /// Reading cannot go on: what there is to say was reported.
    private struct Stop: Error {}

    private let file: SourceFile
    private let limits: YAMLLimits
    private let problems: Problems
    private let stream: EventStream?
    private var anchors: [String: Anchor] = [:]
    private var open: Set<String> = []
    private var expanded = 0
    /// What belongs to the collections that are being read, those of inner ones last: each gets an array of just its size.
    private var openItems: [YAMLNode] = []
    private var openPairs: [YAMLPair] = []

    init(file: SourceFile, limits: YAMLLimits, problems: Problems) {
        self.file = file
        self.limits = limits
        self.problems = problems
        stream = EventStream(file)
    }

    mutating func document() -> YAMLNode? {
        var root: YAMLNode?
        do {
            while true {
                let event = try next()
                switch event.kind {
                case .streamEnd:
                    if root == nil {
                        report(Diagnostic("yaml.empty", "the file holds no document", at: file.span(0..<0)))
                    }
                    return root
                case .documentStart where root != nil:
                    report(
                        Diagnostic(
                            "yaml.several-documents", "a second document begins here; a file holds one",
                            at: file.span(event.range)))
                    return root
                case .documentStart, .documentEnd, .other: continue
                default: root = try compose(event, depth: 1).node
                }
            }
        } catch {
            return root
        }
    }

    private func report(_ diagnostic: Diagnostic) {
        if problems.all.count < limits.problems { problems.report(diagnostic) }
    }

    private func next() throws(Stop) -> YAMLEvent {
        guard let stream else { throw Stop() }
        do {
            return try stream.next()
        } catch {
            // A space that is none was told, and makes its line too short or too long.
            if problems.all.last?.code != "text.no-break-space" { report(error) }
            throw Stop()
        }
    }

    private func stop(_ diagnostic: Diagnostic) -> Stop {
        report(diagnostic)
        return Stop()
    }

    private mutating func compose(_ event: YAMLEvent, depth: Int) throws(Stop) -> (node: YAMLNode, height: Int) {
        guard depth <= limits.depth else {
            throw stop(
                Diagnostic("yaml.too-deep", "nested more than \(limits.depth) deep", at: file.span(event.range)))
        }
        if case .alias(let name) = event.kind { return try resolve(name, event, depth: depth) }
        let before = expanded
        try count(1, at: event)
        let hasTag = reportTag(event)
        if let anchor = event.anchor { open.insert(anchor) }
        var result: (node: YAMLNode, height: Int)
        switch event.kind {
        case .scalar(let text, let style): result = (scalar(text, style, event), 1)
        case .sequenceStart: result = try sequence(event, depth: depth)
        default: result = try mapping(event, depth: depth)
        }
        if hasTag { result.node = YAMLNode(result.node.content, at: result.node.span, isFlawed: true) }
        if let anchor = event.anchor {
            open.remove(anchor)
            anchors[anchor] = Anchor(node: result.node, weight: expanded - before, height: result.height)
        }
        return result
    }

    private mutating func count(_ nodes: Int, at event: YAMLEvent) throws(Stop) {
        expanded += nodes
        guard expanded <= limits.nodes else {
            throw stop(
                Diagnostic(
                    "yaml.too-many-nodes", "the document has more than \(limits.nodes) nodes, aliases expanded",
                    at: file.span(event.range)))
        }
    }

    private mutating func resolve(_ name: String, _ event: YAMLEvent, depth: Int) throws(Stop) -> (YAMLNode, Int) {
        let span = file.span(event.range)
        if open.contains(name) {
            throw stop(Diagnostic("yaml.alias-cycle", "`*\(name)` stands inside the node that it names", at: span))
        }
        guard let anchor = anchors[name] else {
            let nearest = Suggestion.nearest(to: name, among: anchors.keys.sorted())
            report(
                Diagnostic(
                    "yaml.unknown-alias", "no node above is named `&\(name)`", at: span,
                    label: nearest.map { "did you mean `*\($0)`?" } ?? "",
                    help: ["a text that begins with `*` is put in single quotes"]))
            try count(1, at: event)
            return (
                YAMLNode(
                    .scalar(YAMLScalar(SourceText("", in: file, at: span.range.lowerBound, span: span), style: .plain)),
                    at: span, isFlawed: true), 1
            )
        }
        guard depth - 1 + anchor.height <= limits.depth else {
            throw stop(Diagnostic("yaml.too-deep", "nested more than \(limits.depth) deep", at: span))
        }
        try count(anchor.weight, at: event)
        return (anchor.node, anchor.height)
    }

    /// No tag has a meaning here but those of the core schema. `! tcp` has one too, which libyaml does not even tell:
    /// a question would lose its negation.
    private func reportTag(_ event: YAMLEvent) -> Bool {
        if let tag = event.tag, Self.coreTags.contains(tag) { return false }
        var start = event.range.lowerBound
        if start < event.range.upperBound, file.bytes[start] == UInt8(ascii: "&") {
            start = afterProperty(start, event)
        }
        guard start < event.range.upperBound, file.bytes[start] == UInt8(ascii: "!") else {
            return false
        }
        var end = start
        while end < event.range.upperBound, file.bytes[end] > 0x20 { end += 1 }
        var isScalar = false
        if case .scalar = event.kind { isScalar = true }
        report(
            .leadingExclamation(
                at: file.span(start..<end),
                fix: isScalar ? QuotedLine.fix(file, start..<max(start, event.range.upperBound)) : nil))
        return true
    }

    /// Up to so many keys are compared one by one.
    private static let fewPairs = 16
    private static let spaces: [Lookalike.Kind] = [.space]
    private static let coreTags = Set(
        ["str", "int", "float", "bool", "null", "seq", "map"].map { "tag:yaml.org,2002:" + $0 })

    private func afterProperty(_ start: Int, _ event: YAMLEvent) -> Int {
        var index = start
        while index < event.range.upperBound, file.bytes[index] > 0x20 { index += 1 }
        while index < event.range.upperBound, file.bytes[index] <= 0x20 { index += 1 }
        return index
    }

    /// The range of a node without its anchor and tag.
    private func bare(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, file.bytes[start] == UInt8(ascii: "!") || file.bytes[start] == UInt8(ascii: "&")
        {
            while start < range.upperBound, file.bytes[start] > 0x20 { start += 1 }
            while start < range.upperBound, file.bytes[start] <= 0x20 { start += 1 }
        }
        return start..<range.upperBound
    }

    private func scalar(_ text: String, _ style: YAMLScalar.Style, _ event: YAMLEvent) -> YAMLNode {
        var range = event.anchor == nil && event.tag == nil ? event.range : bare(event.range)
        if style == .literal || style == .folded || style == .plain {
            var end = range.upperBound
            while end > range.lowerBound, file.bytes[end - 1] <= 0x20 { end -= 1 }
            range = range.lowerBound..<end
        }
        let source = ScalarOrigin.text(text, style: style, in: file, range: range)
        let comment = style == .plain ? comment(after: range.upperBound) : nil
        return YAMLNode(.scalar(YAMLScalar(source, style: style, comment: comment)), at: file.span(range))
    }

    private func comment(after end: Int) -> SourceSpan? {
        var start = end
        while start < file.bytes.count, file.bytes[start] == 0x20 || file.bytes[start] == 0x09 { start += 1 }
        guard start > end, start < file.bytes.count, file.bytes[start] == UInt8(ascii: "#") else { return nil }
        return file.span(start..<file.bounds(ofLine: file.line(at: start)).upperBound)
    }

    private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(Stop) -> (YAMLNode, Int) {
        let first = openItems.count
        defer { openItems.removeSubrange(first...) }
        var height = 0
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind {
                let items = Array(openItems[first...])
                let span = collectionSpan(start, event, last: items.last?.span)
                return (YAMLNode(.sequence(items), at: span), height + 1)
            }
            let (item, itemHeight) = try compose(event, depth: depth + 1)
            openItems.append(item)
            height = max(height, itemHeight)
        }
    }

    private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(Stop) -> (YAMLNode, Int) {
        let first = openPairs.count
        defer { openPairs.removeSubrange(first...) }
        var places: [String: SourceSpan] = [:]
        var isFlawed = false
        var height = 0
        while true {
            let event = try next()
            if case .mappingEnd = event.kind {
                let pairs = Array(openPairs[first...])
                let span = collectionSpan(start, event, last: pairs.last?.value.span)
                return (YAMLNode(.mapping(pairs), at: span, isFlawed: isFlawed), height + 1)
            }
            let (key, _) = try compose(event, depth: depth + 1)
            let (value, valueHeight) = try compose(try next(), depth: depth + 1)
            height = max(height, valueHeight)
            if let scalar = accepted(key, after: first, places) {
                openPairs.append(YAMLPair(key: scalar, value: value))
                let count = openPairs.count - first
                if count == Self.fewPairs {
                    for pair in openPairs[first...] { places[pair.key.text] = pair.key.span }
                } else if count > Self.fewPairs {
                    places[scalar.text] = scalar.span
                }
            } else {
                isFlawed = true
            }
        }
    }

    /// The key as a scalar, or nil after reporting why it cannot be one.
    ///
    /// - Parameter first: where the pairs of its mapping begin among the open ones.
    private func accepted(
        _ key: YAMLNode, after first: Int, _ places: [String: SourceSpan]
    ) -> YAMLScalar? {
        guard let scalar = key.scalar else {
            report(Diagnostic("yaml.key", "a key must be a text, found \(key.described)", at: key.span))
            return nil
        }
        if let found = Lookalike.first(of: Self.spaces, in: file.bytes, key.span.range) {
            report(.noBreakSpace(found, at: file.span(found.range)))
            return nil
        }
        if scalar.style == .plain, scalar.text == "<<" {
            report(
                Diagnostic(
                    "yaml.merge-key", "merge keys are not supported", at: scalar.span,
                    help: ["write the keys out, or let the whole value be an alias"]))
            return nil
        }
        let other =
            openPairs.count - first < Self.fewPairs
            ? openPairs[first...].first { $0.key.text == scalar.text }?.key.span : places[scalar.text]
        if let other {
            report(
                Diagnostic(
                    "yaml.duplicate-key", "the key `\(scalar.text)` is given twice", at: scalar.span,
                    secondary: [.init(other, "first here")]))
            return nil
        }
        return scalar
    }

    private func collectionSpan(_ start: YAMLEvent, _ end: YAMLEvent, last: SourceSpan?) -> SourceSpan {
        let lower =
            start.anchor == nil && start.tag == nil
            ? start.range.lowerBound : bare(start.range.lowerBound..<file.bytes.count).lowerBound
        // A block collection ends, to libyaml, where the next token begins; a flow collection at its bracket.
        let isFlow = !end.range.isEmpty
        let upper = isFlow ? end.range.upperBound : last?.range.upperBound ?? end.range.upperBound
        // An alias stands for a node from elsewhere, which may lie before this.
        return file.span(lower..<max(lower, min(upper, end.range.upperBound)))
    }
}
