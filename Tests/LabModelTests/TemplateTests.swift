import LabModel
import Testing

@Suite struct TemplateTests {
    private func template(_ text: String, _ names: Set<String>) -> Template {
        Template(text, isDeclared: names.contains)
    }

    @Test("only declared names are references, so that $PWD stays")
    func undeclaredNamesStay() {
        let template = template("SSLKEYLOGFILE=\"$PWD/keys\" lab proxy --listen-port $port", ["port"])
        #expect(template.references == ["port"])
        #expect(
            template.resolve(["port": .int(9000)]) == "SSLKEYLOGFILE=\"$PWD/keys\" lab proxy --listen-port 9000")
    }

    @Test("a full stop after a name ends the sentence, not the name")
    func sentenceEnd() {
        let template = template("Ping $site.", ["site"])
        #expect(template.resolve(["site": "www.example.test"]) == "Ping www.example.test.")
    }

    @Test(
        "the longest declared name is meant", arguments: [("$mitm.ca.sha256", "mitm.ca.sha256"), ("$mitm.x", "mitm")])
    func longestName(text: String, name: String) {
        #expect(template(text, ["mitm", "mitm.ca.sha256"]).references == [name])
    }

    @Test("a name does not begin a longer word")
    func longerWord() {
        #expect(template("$ports", ["port"]).references.isEmpty)
        #expect(template("$port_2", ["port"]).references.isEmpty)
    }

    @Test("a reference alone keeps the type of its value, within text it becomes text")
    func types() {
        #expect(template("$port", ["port"]).resolve(["port": .int(1)]) == .int(1))
        #expect(template(":$port", ["port"]).resolve(["port": .int(1)]) == ":1")
    }

    @Test("a reference without a value makes the whole unresolved, and stays visible when rendered")
    func unresolved() {
        let template = template("via $mitm", ["mitm"])
        #expect(template.resolve([:]) == nil)
        #expect(template.rendered([:]) == "via $mitm")
    }
}
