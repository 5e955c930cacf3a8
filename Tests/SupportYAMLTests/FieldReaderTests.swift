import SupportDiagnostics
import SupportYAML
import Testing

@Suite("Typed fields of YAML mappings")
struct FieldReaderTests {
    private enum Probe: String, CaseIterable { case icmp, udp, tcp }

    private func reader(_ text: String) throws -> FieldReader {
        let problems = Problems()
        let node = try #require(YAMLDocument.read(SourceFile(name: "t.yml", text: text), problems: problems))
        return try #require(FieldReader(node, of: "`ping`", problems))
    }

    @Test("Every type is read with its place")
    func types() throws {
        var fields = try reader(
            """
            s: no
            i: -12
            h: 0x1F
            d: 1.5
            e: 1e3
            b: true
            t: 1.5s
            z: 3 KiB
            c: udp
            l: [a, 1]
            one: x
            m: { k: v }
            """)
        #expect(fields.string("s")?.value == "no")
        #expect(fields.integer("i")?.value == -12)
        #expect(fields.integer("h")?.value == 31)
        #expect(fields.double("d")?.value == 1.5)
        #expect(fields.double("e")?.value == 1000)
        #expect(fields.boolean("b")?.value == true)
        #expect(fields.duration("t")?.value == .milliseconds(1500))
        #expect(fields.size("z")?.value == 3072)
        #expect(fields.choice("c", as: Probe.self)?.value == .udp)
        #expect(fields.strings("l")?.map(\.value) == ["a", "1"])
        #expect(fields.strings("one")?.map(\.value) == ["x"])
        #expect(fields.map("m")?.map(\.key.text) == ["k"])
        #expect(fields.integer("i")?.span.start.description == "2:4")
        #expect(fields.string("absent") == nil)
        fields.finish()
        #expect(fields.problems.all.isEmpty)
    }

    @Test(
        "Wrong values are told with what was expected and found",
        arguments: [
            ("i: five", "field.type", "`i` of `ping` must be a whole number, found the text `five`"),
            ("i: '5'", "field.type", "`i` of `ping` must be a whole number, found the text `5`"),
            ("i: [1]", "field.type", "`i` of `ping` must be a whole number, found a list"),
            ("i:", "field.type", "`i` of `ping` must be a whole number, found nothing"),
            ("i: 1e3", "field.exponent", "`i` of `ping` must be a whole number, found `1e3`"),
            ("i: 010", "field.octal", "a number with a leading zero is octal to some readers of YAML"),
            ("i: 22:22", "field.sexagesimal", "`i` of `ping` must be a whole number, found the text `22:22`"),
            ("i: 101", "field.range", "`i` of `ping` must be a whole number from 1 to 100, found `101`"),
            (
                "i: 99999999999999999999", "field.range",
                "`i` of `ping` must be a whole number from 1 to 100, found `99999999999999999999`"
            ),
            ("b: yes", "field.boolean", "`b` of `ping` must be `true` or `false`, found `yes`"),
            ("b: 1", "field.type", "`b` of `ping` must be `true` or `false`, found the number `1`"),
            (
                "t: 50", "field.unit",
                "`t` of `ping` must be a time with a unit, such as `50ms` or `1.5s`, found `50` without a unit"
            ),
            ("t: 5 sec", "field.unit", "`t` of `ping` has the unknown unit `sec`"),
            (
                "t: 5MB", "field.type",
                "`t` of `ping` must be a time with a unit, such as `50ms` or `1.5s`, found the text `5MB`"
            ),
            ("t: 99999999999999h", "field.range", "`t` of `ping` is too large"),
            (
                "t: soon", "field.type",
                "`t` of `ping` must be a time with a unit, such as `50ms` or `1.5s`, found the text `soon`"
            ),
            ("c: upd", "field.choice", "`c` of `ping` must be one of `icmp`, `udp`, `tcp`, found the text `upd`"),
            ("l: {}", "field.type", "`l` of `ping` must be text or a list of texts, found a mapping"),
            ("s: {}", "field.type", "`s` of `ping` must be text, found a mapping"),
            ("cuont: 1", "field.unknown", "`ping` has no field `cuont`"),
        ])
    func wrong(_ text: String, _ code: String, _ message: String) throws {
        var fields = try reader(text)
        _ = fields.integer("i", in: 1...100)
        _ = fields.boolean("b")
        _ = fields.duration("t")
        _ = fields.choice("c", as: Probe.self)
        _ = fields.strings("l")
        _ = fields.string("s")
        fields.expect(["count"])
        fields.finish()
        #expect(fields.problems.all.map(\.message) == [message])
        #expect(fields.problems.all.map(\.code) == [code])
    }

    @Test("An unknown key suggests the nearest known one and lists the fields where none is near")
    func unknown() throws {
        var fields = try reader("to: x\ncuont: 1\nzzzzzz: 2")
        _ = fields.string("to")
        _ = fields.integer("count")
        fields.finish()
        #expect(fields.problems.all[0].primary?.text == "did you mean `count`?")
        #expect(fields.problems.all[0].fix?.replacement == "count")
        #expect(fields.problems.all[1].help == ["its fields are `count`, `to`"])
    }

    @Test("A missing field is told, but not where it was only misspelled")
    func missing() throws {
        var fields = try reader("tp: x")
        _ = fields.string("to", required: true)
        fields.finish()
        #expect(fields.problems.all.map(\.code) == ["field.unknown"])
        var others = try reader("count: 3")
        _ = others.string("to", required: true)
        _ = others.integer("count")
        others.finish()
        #expect(others.problems.all.map(\.message) == ["`ping` needs a field `to`"])
    }

    @Test("What is no mapping is told")
    func noMapping() throws {
        let problems = Problems()
        let node = try #require(YAMLDocument.read(SourceFile(name: "t.yml", text: "- a\n- b"), problems: problems))
        #expect(FieldReader(node, of: "the lab", problems) == nil)
        #expect(problems.all.map(\.message) == ["the lab must be a mapping, found a list"])
    }

    @Test("Nested mappings name their owner")
    func nested() throws {
        var fields = try reader("proxy: { prot: 1 }")
        let proxy = fields.fields("proxy")
        var inner = try #require(proxy)
        _ = inner.integer("port")
        inner.finish()
        #expect(fields.problems.all.map(\.message) == ["`proxy` of `ping` has no field `prot`"])
    }
}
