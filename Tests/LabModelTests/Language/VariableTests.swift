import LabModel
import SupportDiagnostics
import Testing

@Suite("Variables") struct VariableTests {
    private let vars = """
          token: { pick: token, length: 12 }
          port: { pick: port, min: 9000, max: 9009 }
          order: { pick: number, min: 3, max: 5 }
          name: { pick: hostname, under: shop.test }
          net: { pick: subnet, in: 198.18.0.0/15, prefix: 24 }
          host: { pick: address, in: 203.0.113.0/24 }
          host6: { pick: address, in: "2001:db8::/64" }
          mode: { pick: choice, of: [fast, slow] }

        """

    @Test("what is drawn fits its bounds, belongs to nobody, and differs between students", arguments: 0..<100)
    func drawn(number: UInt64) throws {
        let text = SmallLanguage.lab(vars: vars, "- visit: http://$name/$token\n")
        let loaded = SmallLanguage.load(text, settings: LabSettings(seed: number))
        #expect(loaded.told == [])
        let value = { (name: String) in loaded.references[name] ?? .null }
        #expect(value("token").text.count == 12)
        #expect((9000...9009).contains(try #require(value("port").int)))
        #expect((3...5).contains(try #require(value("order").int)))
        #expect(value("name").text.hasSuffix(".shop.test") && VariableType.isHostName(value("name").text))
        let net = try #require(AddressPrefix(value("net").text))
        #expect(net.length == 24 && net.isReserved)
        #expect(
            try #require(AddressPrefix("203.0.113.0/24")).contains(
                try #require(AddressPrefix(value("host").text + "/32"))))
        #expect(!["203.0.113.0", "203.0.113.255"].contains(value("host").text))
        #expect(
            try #require(AddressPrefix("2001:db8::/64")).contains(
                try #require(AddressPrefix(value("host6").text + "/128"))))
        #expect(["fast", "slow"].contains(value("mode").text))
    }

    @Test("drawing depends on the student and the lab, and on nothing else")
    func perStudent() {
        let text = SmallLanguage.lab(vars: vars, "- visit: http://$name/\n")
        let ada = SmallLanguage.load(text, settings: LabSettings(student: "ada")).references
        #expect(ada == SmallLanguage.load(text, settings: LabSettings(student: "ada")).references)
        #expect(ada["token"] != SmallLanguage.load(text, settings: LabSettings(student: "bob")).references["token"])
    }

    @Test(
        "settings that do not fit are refused with what would",
        arguments: [
            ("hops=90", "a whole number from 1 to 64"), ("hops=many", "a whole number"),
            ("wait=3", "a duration such as `500ms` or `2s`"), ("wait=90s", "a duration of at most 10s"),
            ("course=net1", "something that matches `^[a-z]+-[0-9]+$`"), ("mode=quick", "one of `fast`, `slow`"),
            ("user=ab", "at least 3 characters"), ("server=300.1.1.1", "an address such as"),
            ("lan=10.0.0.1/8", "a subnet such as"), ("site=-a.test", "a host name such as"),
        ])
    func refused(setting: String, expected: String) throws {
        let text = SmallLanguage.lab(
            vars: """
                  hops: { default: 5, min: 1, max: 64 }
                  wait: { default: 2s, type: duration, max: 10s }
                  course: { default: net-1, matches: "^[a-z]+-[0-9]+$" }
                  mode: { one-of: [fast, slow] }
                  user: { default: ada, length: { min: 3 } }
                  server: { default: 198.51.100.1, type: address }
                  lan: { default: 198.51.100.0/24, type: subnet }
                  site: { default: www.example.test, type: hostname }

                """, "- visit: { url: http://$site/, within: $wait }\n")
        #expect(SmallLanguage.load(text).told == [])
        let parts = setting.split(separator: "=").map(String.init)
        let loaded = SmallLanguage.load(text, settings: LabSettings(overrides: [parts[0]: parts[1]]))
        let problem = try #require(loaded.problems.first)
        #expect(problem.code == "lab.bad-setting")
        #expect(problem.message.contains("`--set \(setting)`: expected \(expected)"), "\(problem.message)")
        #expect(problem.primary?.span.text == parts[1])
        #expect(problem.secondary.first?.span.text == parts[0])
    }

    @Test("a variable with choices and no default is the first of them, and `$student` is whoever is judged")
    func defaults() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                vars: "  mode: { one-of: [fast, slow] }\n", "- { id: a, visit: \"http://$mode/$student\" }\n"))
        #expect(loaded.told == [])
        #expect(loaded.plan("a", "url") == "http://fast/ada")
    }

    @Test("a file of variables is read, and kept with the lab")
    func included() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                vars: "  include: vars/common.yml\n  b: $nothing\n", "- { id: a, visit: \"http://$site/\" }\n"),
            files: ["vars/common.yml": "site: www.example.test\n"])
        #expect(loaded.plan("a", "url") == "http://www.example.test/")
        #expect(loaded.lab?.files.map(\.path) == ["lab.yml", "vars/common.yml"])
    }

    @Test("a secret is known to a run, and to nothing that is kept")
    func secret() {
        let text = SmallLanguage.lab(
            vars: "  password: { pick: token, secret: true }\n", "- visit: http://a/$password\n")
        let loaded = SmallLanguage.load(text)
        let value = loaded.references["password"]?.text ?? ""
        #expect(value.count == 10)
        #expect(loaded.recordedVariables == ["password": "•••password•••"])
        #expect(loaded.judgedReferences["password"] == "•••password•••")
        // A run is judged with what it recorded.
        let again = SmallLanguage.load(text, settings: LabSettings(overrides: ["password": "•••password•••"]))
        #expect(again.told == [])
        #expect(again.references["password"] == "•••password•••")
    }

    @Test("a secret that nobody gave is missing, and one that is too short is refused without being shown")
    func givenSecret() {
        let text = SmallLanguage.lab(vars: "  password: { secret: true }\n", "- visit: http://a/$password\n")
        #expect(SmallLanguage.load(text).missingSecrets == ["password"])
        #expect(
            SmallLanguage.load(text, settings: LabSettings(overrides: ["password": "hunter2"])).missingSecrets == [])
        let short = SmallLanguage.load(text, settings: LabSettings(overrides: ["password": "xyz"]))
        #expect(short.told == ["lab.bad-setting --set:1:10"])
        #expect(!DiagnosticText().render(short.problems).contains("xyz"))
    }
}

@Suite("Masking") struct RedactionTests {
    private let redaction = Redaction(["password": "p\"ss/w rd", "token": "ss/w"])

    @Test(
        "a secret is found as text, in a URL, in JSON and in Base64",
        arguments: ["p\"ss/w rd", "p%22ss%2Fw%20rd", "p\\\"ss/w rd", "cCJzcy93IHJk"])
    func forms(form: String) {
        #expect(redaction.text("a=\(form)&b") == "a=•••password•••&b")
    }

    @Test("values are masked wherever they are, keys too, and what is no secret stays as it is")
    func values() {
        let value: Value = ["a": ["x", "p\"ss/w rd"], "ss/w": 7]
        #expect(redaction.value(value) == ["a": ["x", "•••password•••"], "•••token•••": 7])
        #expect(Redaction.none.text("p\"ss/w rd") == "p\"ss/w rd")
        #expect(redaction.text("ss/ w") == "ss/ w")
    }

    @Test("a mask is never masked again")
    func twice() {
        let once = redaction.text("ss/w and p\"ss/w rd")
        #expect(redaction.text(once) == once)
    }
}
