import SupportDiagnostics
import SupportYAML

/// Puts the values of a lab's variables into its world before the world is read, so that every student can have another
/// one: `mtu: $mtu`, `prefix: $block`, `loss: $share%`.
///
/// Bodies of pages keep their names: sites fill them in while the world runs, where secrets may stand, too.
struct WorldVariables {
    let declarations: Declarations
    let problems: Problems
    /// Some name has no value here; what the world says in its place means nothing.
    private(set) var hasGap = false

    init(_ declarations: Declarations, _ problems: Problems) {
        self.declarations = declarations
        self.problems = problems
    }

    mutating func filled(_ root: YAMLNode) -> YAMLNode {
        guard let pairs = root.mapping else { return root }
        var result: [YAMLPair] = []
        for pair in pairs {
            switch pair.key.text {
            case "format", "world", "title": result.append(pair)
            default: result.append(YAMLPair(key: pair.key, value: filled(pair.value, under: pair.key.text)))
            }
        }
        return .mapping(result, at: root.span)
    }

    private mutating func filled(_ node: YAMLNode, under key: String) -> YAMLNode {
        switch node.content {
        case .scalar(let scalar):
            let value = key == "body" ? scalar : filled(scalar)
            return YAMLNode(.scalar(value), at: node.span, isFlawed: node.isFlawed)
        case .sequence(let items):
            var result: [YAMLNode] = []
            for item in items { result.append(filled(item, under: key)) }
            return YAMLNode(.sequence(result), at: node.span, isFlawed: node.isFlawed)
        case .mapping(let pairs):
            var result: [YAMLPair] = []
            for pair in pairs {
                // Names of hosts, routers and sites may be drawn, too.
                let name = filled(pair.key)
                let hadGap = hasGap
                let value = filled(pair.value, under: pair.key.text)
                // A network without a readable prefix is given one, and its hosts are there for what follows.
                if hasGap, !hadGap, value.scalar != nil { continue }
                result.append(YAMLPair(key: name, value: value))
            }
            return YAMLNode(.mapping(result), at: node.span, isFlawed: node.isFlawed)
        }
    }

    private mutating func filled(_ scalar: YAMLScalar) -> YAMLScalar {
        let bytes = Array(scalar.text.utf8)
        guard bytes.contains(UInt8(ascii: "$")) else { return scalar }
        let template = Template(scalar.text, isDeclared: declarations.contains)
        NameScan.visit(bytes) { name in
            if name.isPlain, !Self.begins(name.name, template.references) {
                reportUnknown(name.name, at: scalar.source.span(of: name.range))
            }
            return true
        }
        for name in template.references where declarations[name]?.isSecret ?? false {
            hasGap = true
            problems.report(
                Diagnostic(
                    "world.secret", "`$\(name)` is a secret, and everybody sees the world", at: scalar.span,
                    help: ["only the body of a page may hold a secret"]))
        }
        guard let value = template.resolve({ declarations[$0]?.value }) else {
            hasGap = true
            return scalar
        }
        // A number that is drawn is a number, however its name was written.
        let style: YAMLScalar.Style = template.segments.count == 1 ? .plain : scalar.style
        return .text(value.text, style: style, at: scalar.span)
    }

    /// Of `$site.example` only `$site` may be meant.
    private static func begins(_ name: String, _ references: [String]) -> Bool {
        references.contains { name == $0 || name.hasPrefix($0 + ".") || name.hasPrefix($0 + "-") }
    }

    private mutating func reportUnknown(_ name: String, at span: SourceSpan) {
        hasGap = true
        let nearest = Suggestion.nearest(to: name, among: declarations.entries.keys.sorted())
        problems.report(
            Diagnostic(
                "reference.unknown-name", "the lab has no variable `\(name)` for its world", at: span,
                label: nearest.map { "did you mean `$\($0)`?" } ?? "",
                help: ["a world may refer to the lab's variables, not to steps or to addresses of the world itself"],
                fix: nearest.map { .init(replace: span, with: "$" + $0) }))
    }
}
