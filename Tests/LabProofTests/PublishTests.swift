import Foundation
import LabModel
import LabProof
import LabTestSupport
import SupportDiagnostics
import Testing

@Suite("The student edition") struct PublishTests {
    static let key = """
        checks:
          visit:
            expect:
              chain-of-proxy: lab.tls.root.sha256 == $start.ca.sha256
        rubric:
          visit: [{ text: Names whoever signed the certificate., points: 2 }]
        wrong:
          other-port: { because: Nobody listens there., change: { steps: { start: { listen: 9001 } } }, fails: [visit.page] }
        """

    private struct Home {
        let folder = TemporaryFolder()

        init(_ lab: SmallLab) throws {
            for (name, bytes) in lab.files() { try Data(bytes).write(to: url(name)) }
        }

        func url(_ name: String) -> URL { URL(fileURLWithPath: folder.path + "/" + name) }
        var lab: String { folder.path + "/small.yml" }
        func names(in name: String) -> [String] {
            ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path + "/" + name)) ?? []).sorted()
        }
    }

    @Test("holds the author's text byte for byte and a link to the instructor's edition, and nothing else")
    func published() throws {
        let home = try Home(SmallLab.keyed(Self.key))
        let instructor = try #require(LabLoaderForTests.load(home.lab).lab)
        let spanish = TranslationDraft.text(of: instructor, language: try #require(LanguageTag("es")), keeping: nil)
        try Data(spanish.utf8).write(to: home.url("small.es.yml"))
        try EditionFolder.write(try StudentEdition.make(from: home.lab), to: home.folder.path + "/out")
        #expect(home.names(in: "out") == ["small.es.yml", "small.published.json", "small.yml"])
        #expect(try Data(contentsOf: home.url("out/small.yml")) == Data(SmallLab.text.utf8))
        let own = LabLoaderForTests.load(home.lab)
        let student = LabLoaderForTests.load(home.folder.path + "/out/small.yml")
        let lab = try #require(own.lab)
        let edition = try #require(student.lab?.edition)
        #expect(student.problems.map(\.message) == [])
        #expect(edition.publishedFrom == LabDigests.judging(of: lab))
        #expect(student.lab?.key == nil)
        #expect(student.lab.map { LabDigests.judging(of: $0) } == LabDigests.judging(of: lab.withoutKey))
        // The manifest travels with every run of the edition.
        #expect(student.lab?.files.map(\.path).contains("small.published.json") == true)
    }

    @Test("leaves out comments that tell something hidden, and only those")
    func comments() throws {
        var lab = SmallLab.keyed(Self.key)
        lab.lab = SmallLab.text.replacing(
            "  # The certificate is looked at, too.", with: "  # Kept.\n  # See visit.chain-of-proxy in the key."
        ).replacing("# shared by both", with: "# other-port would\tbe nobody   LISTENS there.")
        let home = try Home(lab)
        let edition = try StudentEdition.make(from: home.lab)
        #expect(edition.removedComments == ["small.yml:16", "small.yml:18"])
        let text = try #require(edition.files.first { $0.path == "small.yml" })
        let expected = SmallLab.text.replacing("  # The certificate is looked at, too.", with: "  # Kept.")
            .replacing("   # shared by both", with: "")
        #expect(String(decoding: text.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "is refused where the author's text gives something away",
        arguments: [
            (
                "title: Visit", "title: Visit and see chain-of-proxy",
                "the name of the hidden check `visit.chain-of-proxy`"
            ),
            (
                "title: Visit", "title: Visit\n  task: |\n    Look: lab.tls.root.sha256 ==\n      $start.ca.sha256",
                "the question of the hidden check `visit.chain-of-proxy`"
            ),
            ("title: Visit", "title: Visit\n  hint: Names whoever signed the  certificate.", "the rubric of `visit`"),
            ("title: Visit", "title: Visit\n  hint: nobody listens there.", "the wrong run `other-port`"),
        ])
    func leaks(old: String, new: String, says: String) throws {
        var lab = SmallLab.keyed(Self.key)
        lab.lab = SmallLab.text.replacing(old, with: new)
        let home = try Home(lab)
        let problems = try #require(throws: Diagnostics.self) { try StudentEdition.make(from: home.lab) }
        #expect(problems.all.map(\.code) == ["publish.leak"])
        #expect(problems.all.first?.message.hasPrefix(says) == true)
        #expect(problems.all.first?.primary?.span.file.name == "small.yml")
        #expect((problems.all.first?.primary?.span.start.line ?? 0) >= 14)
    }

    @Test("what a sidecar gives away is found, too")
    func sidecar() throws {
        let home = try Home(SmallLab.keyed(Self.key))
        try Data("visit: chain-of-proxy\n".utf8).write(to: home.url("small.es.yml"))
        let problems = try #require(throws: Diagnostics.self) { try StudentEdition.make(from: home.lab) }
        #expect(problems.all.first?.primary.map { "\($0.span.file.name):\($0.span.start)" } == "small.es.yml:1:8")
    }

    @Test("replaces an older edition, and nothing that is not one")
    func folders() throws {
        let home = try Home(SmallLab.keyed(Self.key))
        let out = home.folder.path + "/out"
        let edition = try StudentEdition.make(from: home.lab)
        try EditionFolder.write(edition, to: out)
        try EditionFolder.write(edition, to: out + "/")
        #expect(home.names(in: "out") == ["small.published.json", "small.yml"])
        try Data("mine".utf8).write(to: home.url("out/notes.txt"))
        #expect(throws: EditionFolder.Refusal.self) { try EditionFolder.write(edition, to: out) }
        #expect(home.names(in: "out") == ["notes.txt", "small.published.json", "small.yml"])
        #expect(home.names(in: "").filter { $0.hasSuffix("~") } == [])
    }

    @Test("an edition that was changed afterwards is told")
    func changed() throws {
        let home = try Home(SmallLab.keyed(Self.key))
        try EditionFolder.write(try StudentEdition.make(from: home.lab), to: home.folder.path + "/out")
        let weaker = SmallLab.text.replacing("== 200", with: ">= 200")
        try Data(weaker.utf8).write(to: home.url("out/small.yml"))
        let problems = LabLoaderForTests.load(home.folder.path + "/out/small.yml").problems
        #expect(problems.map(\.code) == ["lab.edition-changed"])
    }
}
