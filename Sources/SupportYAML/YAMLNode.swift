import SupportDiagnostics

/// One node of a YAML document with the place where it was written.
///
/// An alias is replaced by the node it names, which keeps its own place.
package struct YAMLNode: Sendable, Hashable {
    package indirect enum Content: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    package let content: Content
    /// Without anchor and tag; a block collection ends where its last item ends.
    package let span: SourceSpan
    /// A problem of this very node was reported when the document was read: what follows from it is not worth telling.
    package let isFlawed: Bool

    package init(_ content: Content, at span: SourceSpan, isFlawed: Bool = false) {
        self.content = content
        self.span = span
        self.isFlawed = isFlawed
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package var mapping: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// Nothing was written, or `~` or `null` without quotes.
    package var isNull: Bool { scalar?.isNull ?? false }

    /// The value under a key, where this is a mapping that has it.
    package func value(of key: String) -> YAMLNode? {
        mapping?.first { $0.key.text == key }?.value
    }

    /// What a diagnostic calls this: "a list", "text `x`", "nothing".
    package var described: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar): scalar.described
        }
    }
}

/// A key of a mapping and its value. Keys are scalars: anything else was reported when the document was read.
package struct YAMLPair: Sendable, Hashable {
    package let key: YAMLScalar
    package let value: YAMLNode

    package init(key: YAMLScalar, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}
