import SupportDiagnostics
import SupportYAML
import Testing

func read(_ text: String, limits: YAMLLimits = YAMLLimits()) -> (node: YAMLNode?, problems: [Diagnostic]) {
    read(Array(text.utf8), limits: limits)
}

func read(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> (node: YAMLNode?, problems: [Diagnostic]) {
    let problems = Problems()
    let node = YAMLDocument.read(SourceFile(name: "t.yml", bytes: bytes), limits: limits, problems: problems)
    return (node, problems.all)
}

@Suite("YAML documents")
struct YAMLDocumentTests {
    @Test("Keys and values know their places, past characters of several bytes")
    func places() throws {
        let (node, problems) = read("título: é\nsteps:\n- ping: { to: 'a b' }\n  at: x\n- last\n\nend: 1\n")
        #expect(problems.isEmpty)
        let root = try #require(node)
        let first = try #require(root.mapping?.first)
        #expect(first.key.span.text == "título")
        #expect(first.value.span.text == "é")
        let steps = try #require(root.value(of: "steps")?.sequence)
        #expect(steps[0].span.text == "ping: { to: 'a b' }\n  at: x")
        #expect(steps[0].value(of: "ping")?.span.text == "{ to: 'a b' }")
        #expect(steps[0].value(of: "ping")?.value(of: "to")?.span.text == "'a b'")
        #expect(steps[0].value(of: "ping")?.value(of: "to")?.scalar?.source.span(of: 2..<3).text == "b")
        #expect(steps[1].span.text == "last")
        #expect(steps[1].span.start.description == "5:3")
        #expect(root.value(of: "end")?.span.start.description == "7:6")
    }

    @Test(
        "Each byte of a value leads back to the file through quotes, escapes, folds and blocks",
        arguments: [
            "k: tcp.port == WORD", "k: 'it''s a WORD'", "k: \"a\\tb \\u00e9 \\\"WORD\\\"\"",
            "k: |\n  one\n    WORD two\n",
            "k: >\n  one\n  two\n\n  WORD\n", "k: one\n  two\n\n  WORD x\n", "k: 'one\n  WORD'", "k: \"one\\\n  WORD\"",
            "k: |-\n\n   é\n   WORD", "k: &a WORD", "k: !!str 'x WORD'", "k: \"\\x41\\U0001F600WORD\"",
            "\u{FEFF}k: WORD",
            "k: one\r\n  WORD",
        ])
    func origins(_ text: String) throws {
        let (node, problems) = read(text)
        #expect(problems.allSatisfy { $0.severity == .warning })
        let source = try #require(node?.value(of: "k")?.scalar?.source)
        let range = try #require(source.text.firstRange(of: "WORD"))
        let start = source.text.utf8.distance(from: source.text.startIndex, to: range.lowerBound)
        #expect(source.span(of: start..<(start + 4)).text == "WORD")
    }

    @Test("Indentation that belongs to a block text leads to where it stands")
    func blockIndentation() throws {
        let source = try #require(read("k: |\n  a\n    b\n").node?.value(of: "k")?.scalar?.source)
        #expect(source.text == "a\n  b\n")
        #expect(source.span(of: 2..<3).range == 11..<12)
        #expect(source.span(of: 3..<4).range == 12..<13)
        #expect(source.span(of: 4..<5).text == "b")
    }

    @Test("Literal blocks without end, empty values and empty texts have a place")
    func emptyValues() throws {
        let root = try #require(read("a:\nb: ''\nc: |\nd: []\ne: {}\nf: ~").node)
        #expect(root.value(of: "a")?.isNull == true)
        #expect(root.value(of: "b")?.isNull == false)
        #expect(root.value(of: "c")?.scalar?.text == "")
        #expect(root.value(of: "d")?.span.text == "[]")
        #expect(root.value(of: "e")?.span.text == "{}")
        #expect(root.value(of: "f")?.isNull == true)
    }

    @Test("Aliases stand for the node they name")
    func aliases() throws {
        let (node, problems) = read("a: &x { k: 1 }\nb: *x\nc: [*x, *x]\n")
        #expect(problems.isEmpty)
        #expect(node?.value(of: "b")?.value(of: "k")?.span.start.line == 1)
        #expect(node?.value(of: "c")?.sequence?.count == 2)
    }

    @Test("An alias bomb ends at the limit without growing")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let items = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(read(text).problems.map(\.code) == ["yaml.too-many-nodes"])
    }

    @Test("Depth is limited, through aliases too")
    func depth() {
        #expect(read(String(repeating: "[", count: 100_000)).problems.map(\.code) == ["yaml.too-deep"])
        var limits = YAMLLimits()
        limits.depth = 5
        #expect(read("a: &a [[[1]]]\nb: [*a]", limits: limits).problems.map(\.code) == ["yaml.too-deep"])
        #expect(read("a: &a [[1]]\nb: [*a]", limits: limits).problems.isEmpty)
    }

    @Test("A file beyond the limit is not read")
    func size() {
        var limits = YAMLLimits()
        limits.bytes = 10
        #expect(read("a: 45678901", limits: limits).problems.map(\.code) == ["yaml.too-large"])
    }

    @Test(
        "What may not be is told with its place",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "yaml.duplicate-key", "3:1"),
            ("a: *x", "yaml.unknown-alias", "1:4"),
            ("a: &x [*x]", "yaml.alias-cycle", "1:8"),
            ("<<: { a: 1 }", "yaml.merge-key", "1:1"),
            ("? [a]\n: b", "yaml.key", "1:3"),
            ("a: 1\n---\nb: 2\n", "yaml.several-documents", "2:1"),
            ("", "yaml.empty", "1:1"), ("# nothing\n", "yaml.empty", "1:1"),
            ("a: !tcp.port == 80", "yaml.tag", "1:4"),
            ("a: !tcp", "yaml.tag", "1:4"),
            ("a: !e!x y", "yaml.tag", "1:4"),
            ("a: ! tcp", "yaml.tag", "1:4"), ("a: &x ! tcp", "yaml.tag", "1:7"), ("a: !(b == 1)", "yaml.tag", "1:4"),
            ("a: ![]", "yaml.tag", "1:4"), ("a: ! 'x'", "yaml.tag", "1:4"),
            ("a: x: y", "yaml.colon", "1:5"),
            ("a: \"x\" y", "yaml.after-quote", "1:8"), ("a: * b", "yaml.reserved-character", "1:4"),
            ("a: &", "yaml.reserved-character", "1:4"), ("a: ]", "yaml.reserved-character", "1:4"),
            ("a: > b", "yaml.block-text", "1:6"), ("a: - b", "yaml.list-in-line", "1:4"),
            ("a: { is: b in {1, 2} }", "yaml.unclosed-bracket", "1:15"),
            ("a:\n\tb: 1", "yaml.tab", "2:1"),
            ("a: 'x", "yaml.unclosed-quote", "1:4"),
            ("a: [1, 2\nb: 3", "yaml.unclosed-bracket", "1:4"),
            ("a: `x`", "yaml.reserved-character", "1:4"),
            ("a: @x", "yaml.reserved-character", "1:4"),
            ("a: 1\n b: 2", "yaml.indentation", "2:2"),
            ("- a\nb: 1", "yaml.indentation", "2:1"),
            ("a: 1\nword\nb: 2", "yaml.no-colon", "2:1"),
            ("a: \"\\d\"", "yaml.escape", "1:5"),
            ("a: \u{1}", "yaml.control-character", "1:4"),
            ("a: \u{85}\u{9F}", "yaml.control-character", "1:5"),
        ])
    func refused(_ text: String, _ code: String, _ place: String) throws {
        let problems = read(text).problems
        let problem = try #require(problems.first)
        #expect(problem.code == code, "\(DiagnosticText().render(problem))")
        #expect(problem.primary?.span.start.description == place, "\(DiagnosticText().render(problem))")
        #expect(problems.count == 1)
    }

    @Test("All problems of the tree are told, not only the first")
    func several() {
        let problems = read("a: 1\na: 2\nb: !x y\nc: *z\n<<: {}\n").problems
        #expect(problems.map(\.code) == ["yaml.duplicate-key", "yaml.tag", "yaml.unknown-alias", "yaml.merge-key"])
    }

    @Test(
        "What is not UTF-8 is refused with the offset and a guess",
        arguments: [
            (Array("a: caf".utf8) + [0xE9], 6, "Latin-1"), ([0xFF, 0xFE, 0x61, 0], 0, "UTF-16"),
            ([0x61, 0, 0x3A, 0], 1, "UTF-16"),
        ] as [([UInt8], Int, String)])
    func encoding(_ bytes: [UInt8], _ offset: Int, _ guess: String) throws {
        let problem = try #require(read(bytes).problems.first)
        #expect(problem.code == "yaml.not-utf8")
        #expect(problem.primary?.span.range.lowerBound == offset)
        #expect(problem.help.first?.contains(guess) == true)
    }

    @Test("A comment behind a plain text is told, since ` #` may have been meant as text")
    func comments() {
        let root = read("a: x #1\nb: 'x' # c\nc: x#1\n").node
        #expect(root?.value(of: "a")?.scalar?.comment?.text == "#1")
        #expect(root?.value(of: "b")?.scalar?.comment == nil)
        #expect(root?.value(of: "c")?.scalar?.text == "x#1")
    }

    @Test("No prefix and no mutation of a document traps")
    func damage() {
        let text = """
            a: &x "q\\u00e9\\n" # c
            b: [*x, {k: 'v''w'}, !t u]
            é: |+2
                lit

              eral
            d: >-
              fold
              ed
            ? e
            : - 1
              - {}
            ...
            """
        let bytes = Array(text.utf8)
        for length in 0...bytes.count { _ = read(Array(bytes[..<length])) }
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = Array("\n\t :-?[]{}!&*|>'\"%@`#\\,é~<0".utf8)
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0...random(4) {
                let place = random(damaged.count)
                switch random(3) {
                case 0: damaged[place] = pieces[random(pieces.count)]
                case 1: damaged.remove(at: place)
                default: damaged.insert(pieces[random(pieces.count)], at: place)
                }
            }
            let (node, problems) = read(damaged)
            _ = DiagnosticText().render(problems)
            if let node { walk(node) }
        }
    }

    private func walk(_ node: YAMLNode) {
        _ = node.span.text
        switch node.content {
        case .scalar(let scalar):
            for index in 0...scalar.text.utf8.count { _ = scalar.source.span(of: index..<(index + 1)).start }
        case .sequence(let items): items.forEach(walk)
        case .mapping(let pairs): pairs.forEach { walk($0.value) }
        }
    }
}
