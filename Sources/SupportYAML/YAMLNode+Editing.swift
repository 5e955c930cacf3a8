import SupportDiagnostics

/// Making another tree of one that was read. What is new keeps the place of whatever asked for it, so that a problem
/// with it is told there.
extension YAMLNode {
    /// A text as if it had been written at `span`.
    package static func text(_ text: String, style: YAMLScalar.Style = .plain, at span: SourceSpan) -> YAMLNode {
        YAMLNode(.scalar(.text(text, style: style, at: span)), at: span)
    }

    package static func mapping(_ pairs: [YAMLPair], at span: SourceSpan) -> YAMLNode {
        YAMLNode(.mapping(pairs), at: span)
    }

    /// The mapping with the value of a key replaced or added at its end; nil takes the key away.
    package func setting(_ key: String, to value: YAMLNode?, at span: SourceSpan) -> YAMLNode {
        var pairs = mapping ?? []
        let index = pairs.firstIndex { $0.key.text == key }
        switch (index, value) {
        case (let index?, let value?): pairs[index] = YAMLPair(key: pairs[index].key, value: value)
        case (let index?, nil): pairs.remove(at: index)
        case (nil, let value?): pairs.append(YAMLPair(key: .text(key, at: span), value: value))
        case (nil, nil): break
        }
        return YAMLNode(.mapping(pairs), at: self.span)
    }

    /// RFC 7396 with YAML's words: a mapping is merged key by key, nothing (`null`) takes a key away, all else replaces.
    package func merged(with patch: YAMLNode) -> YAMLNode {
        guard let changes = patch.mapping else { return patch }
        var result = mapping == nil ? YAMLNode(.mapping([]), at: patch.span) : self
        for change in changes {
            let old = result.value(of: change.key.text)
            let value: YAMLNode? =
                change.value.isNull ? nil : old?.merged(with: change.value) ?? change.value.withoutNothing
            let key = change.key.span
            result = result.setting(change.key.text, to: value, at: key)
        }
        return result
    }

    /// A patch where there was nothing to patch.
    private var withoutNothing: YAMLNode {
        mapping == nil ? self : YAMLNode(.mapping([]), at: span).merged(with: self)
    }

    /// The node as text in which neither places nor layout nor the order of keys count.
    package var canonical: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "~" : JSONText.quote(scalar.text)
        case .sequence(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .mapping(let pairs):
            "{"
                + pairs.map { JSONText.quote($0.key.text) + ":" + $0.value.canonical }.sorted().joined(separator: ",")
                + "}"
        }
    }
}

extension YAMLScalar {
    /// A text that stands in no file, shown at the place of whatever it comes from.
    package static func text(_ text: String, style: Style = .plain, at span: SourceSpan) -> YAMLScalar {
        let offsets = Array(repeating: span.range.lowerBound, count: text.utf8.count + 1)
        return YAMLScalar(SourceText(text, in: span.file, offsets: offsets, span: span), style: style)
    }
}
