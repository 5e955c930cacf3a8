import SupportDiagnostics
import SupportYAML

/// Names in texts that look like references and are none: `${site}`, `{{site}}`, `$stie`; and values in typographic
/// quotes. Only declared names are replaced, so these would stay as they are.
struct TextTraps {
    private let problems: Problems
    private let declarations: Declarations
    /// Names that were found and looked up, so that one that fills a text is looked up once.
    private let seen = Seen()
    /// What was not declared and still is not unknown: keys of mappings, which may name parameters and items.
    private var local: Set<String> = ["item"]
    private let kinds: [String: StepSchema]
    /// Steps whose first result is an endpoint: `via: mitm` wants `$mitm`.
    private let endpoints: Set<String>

    init(catalogue: [StepSchema], steps: [StepDefinition], declarations: Declarations, problems: Problems) {
        self.problems = problems
        self.declarations = declarations
        kinds = Dictionary(catalogue.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let proxies = Set(catalogue.filter { $0.results.first?.name == "endpoint" }.map(\.name))
        endpoints = Set(steps.filter { proxies.contains($0.kind) }.map(\.id))
    }

    /// What may stand in a text depends on who reads it.
    private enum Reader {
        /// People: a name is doubtful only where it is nearly a declared one.
        case prose
        /// An engine: every name must be declared.
        case plan
        /// A shell or a program, which have variables of their own.
        case shell
    }

    /// A broken text tends to be broken everywhere.
    private static let mostProblems = 100

    private final class Seen {
        static let most = 10_000
        var isKnown: [String: Bool] = [:]
        var nearest: [String: String?] = [:]
    }

    func verify(_ root: YAMLNode, _ parts: [(content: LabFiles.Content, root: YAMLNode)]) {
        var copy = self
        copy.collectKeys(root)
        for part in parts where part.content != .world { copy.collectKeys(part.root) }
        copy.check(root)
        for part in parts {
            switch part.content {
            case .world: break
            case .variables: for pair in part.root.mapping ?? [] { quotes(pair.value) }
            case .groups: copy.walk(part.root, under: "groups", .prose, isStep: false)
            case .steps: copy.walk(part.root, under: "steps", .prose, isStep: false)
            }
        }
    }

    private func check(_ root: YAMLNode) {
        for pair in root.value(of: "vars")?.mapping ?? [] { quotes(pair.value) }
        for pair in root.mapping ?? [] where !["vars", "world", "format", "lab"].contains(pair.key.text) {
            walk(pair.value, under: pair.key.text, .prose, isStep: false)
        }
    }

    private mutating func collectKeys(_ node: YAMLNode) {
        switch node.content {
        case .scalar: break
        case .sequence(let items): for item in items { collectKeys(item) }
        case .mapping(let pairs):
            for pair in pairs {
                local.insert(pair.key.text)
                if ["id", "as"].contains(pair.key.text), let name = pair.value.scalar?.text { local.insert(name) }
                collectKeys(pair.value)
            }
        }
    }

    private func walk(_ node: YAMLNode, under key: String, _ reader: Reader, isStep: Bool) {
        switch node.content {
        case .scalar(let scalar): check(scalar, under: key, reader)
        case .sequence(let items):
            let mayHoldSteps = reader == .prose
            for item in items { walk(item, under: key, reader, isStep: mayHoldSteps) }
        case .mapping(let pairs):
            for pair in pairs {
                let name = pair.key.text
                if isStep, let kind = kinds[name] {
                    plan(pair.value, of: kind)
                } else if ["by-hand", "environment"].contains(name) {
                    walk(pair.value, under: name, .shell, isStep: false)
                } else if !["expect", "forbid", "when", "control", "id", "needs", "with", "foreach"].contains(name) {
                    walk(pair.value, under: name, reader, isStep: false)
                }
            }
        }
    }

    /// References to steps and filters are read by those who know what they may be.
    private func plan(_ node: YAMLNode, of kind: StepSchema) {
        let reader: Reader = kind.name == "program" ? .shell : .plan
        func isText(_ name: String) -> Bool {
            switch kind.field(name)?.type {
            case .step, .filter: false
            default: true
            }
        }
        guard let pairs = node.mapping else {
            if isText(kind.shorthand ?? "") { walk(node, under: kind.name, reader, isStep: false) }
            return
        }
        for pair in pairs where isText(pair.key.text) { walk(pair.value, under: pair.key.text, reader, isStep: false) }
    }

    /// The values of variables, with those within their mappings.
    private func quotes(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let scalar):
            if scalar.style == .plain, let inner = Lookalike.unquoted(scalar.text) {
                problems.report(.smartQuote(inner, at: scalar.span))
            }
        case .sequence(let items): items.forEach(quotes)
        case .mapping(let pairs): pairs.forEach { quotes($0.value) }
        }
    }

    private func check(_ scalar: YAMLScalar, under key: String, _ reader: Reader) {
        if reader == .plan {
            if scalar.style == .plain, let inner = Lookalike.unquoted(scalar.text) {
                return problems.report(.smartQuote(inner, at: scalar.span))
            }
            if endpoints.contains(scalar.text) {
                problems.report(
                    Diagnostic(
                        "reference.missing-dollar", "`\(scalar.text)` is the id of a step, but stands here as a text",
                        severity: .warning, at: scalar.span, label: "write `$\(scalar.text)`",
                        fix: scalar.style == .plain ? .init(replace: scalar.span, with: "$" + scalar.text) : nil))
            }
        }
        guard problems.all.count < Self.mostProblems else { return }
        guard scalar.text.utf8.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "{") }) else { return }
        NameScan.visit(Array(scalar.text.utf8)) { name in
            check(name, in: scalar, reader)
            return problems.all.count < Self.mostProblems
        }
    }

    private func check(_ found: NameScan.Found, in scalar: YAMLScalar, _ reader: Reader) {
        guard found.isPlain else {
            guard declarations.contains(found.name) else { return }
            let span = scalar.source.span(of: found.range)
            return problems.report(
                Diagnostic(
                    "reference.braces", "a variable is named without braces here", at: span,
                    label: "write `$\(found.name)`",
                    fix: found.isSafe ? .init(replace: span, with: "$" + found.name) : nil))
        }
        guard reader != .shell, found.name.utf8.contains(where: Self.isLower), !isKnown(found.name) else { return }
        let nearest = nearest(to: found.name)
        let (head, _) = Scope.split(found.name)
        if declarations.contains(head), declarations.beginnings.contains(head) {
            // `$mitm.` may end a sentence, and a file's name may follow: only a result that is nearly one is missed.
            guard let nearest, nearest.hasPrefix(head + ".") else { return }
        }
        guard nearest != nil || reader == .plan else { return }
        let span = scalar.source.span(of: found.range)
        problems.report(
            Diagnostic(
                "reference.unknown-name", "nothing is named `$\(found.name)`, so it stays as it is",
                severity: reader == .plan ? .error : .warning, at: span,
                label: nearest.map { "did you mean `$\($0)`?" } ?? "",
                fix: .spelling(of: found.name, as: nearest, at: span, prefix: "$")))
    }

    private static func isLower(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }

    private func nearest(to name: String) -> String? {
        if let found = seen.nearest[name] { return found }
        let found = declarations.nearest(to: name)
        if seen.nearest.count < Seen.most { seen.nearest[name] = .some(found) }
        return found
    }

    private func isKnown(_ name: String) -> Bool {
        if declarations.contains(name) { return true }
        if let found = seen.isKnown[name] { return found }
        let found = isBegun(name)
        if seen.isKnown.count < Seen.most { seen.isKnown[name] = found }
        return found
    }

    /// The name is declared, or its beginning is and what follows can be text: `$site.html`, `$port-1`.
    private func isBegun(_ name: String) -> Bool {
        let head = String(name.prefix { $0 != "." && $0 != "-" })
        if local.contains(head), !declarations.contains(head), head != "world" { return true }
        var beginning = Substring(name)
        while let cut = beginning.lastIndex(where: { $0 == "." || $0 == "-" }) {
            let isResult = beginning[cut] == "."
            beginning = beginning[..<cut]
            guard declarations.contains(String(beginning)) else { continue }
            return !isResult || !declarations.beginnings.contains(String(beginning))
        }
        return false
    }
}
