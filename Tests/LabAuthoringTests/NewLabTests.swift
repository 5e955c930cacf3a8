import Foundation
import LabAuthoring
import LabModel
import LabTestSupport
import Testing

@Suite("lab new")
struct NewLabTests {
    @Test("it writes a lab, a world and a key that lint", arguments: NewLab.Topic.allCases)
    func lints(topic: NewLab.Topic) async throws {
        let folder = TemporaryFolder()
        let made = try await BuiltLab.run(["new", "first", "--topic", topic.rawValue], in: folder.path)
        #expect(
            made.status == 0 && made.output.contains("first.yml\nworlds/first.yml\nfirst.key.yml\n"), "\(made.errors)")
        let lint = try await BuiltLab.run(["lint", "first.yml"], in: folder.path)
        #expect(lint.status == 0 && lint.output == "1 lab: no problems\n", "\(lint.output)\(lint.errors)")
        #expect(folder.read("schema/lab.schema.json") == (try EditorSchema.lab.render()))
        #expect(
            String(decoding: folder.read("first.yml"), as: UTF8.self).hasPrefix(
                "# yaml-language-server: $schema=schema/"))
    }

    @Test("it overwrites nothing, and writes nothing when it refuses")
    func refuses() async throws {
        let folder = TemporaryFolder()
        folder.write(Array("mine".utf8), to: "first.key.yml")
        let made = try await BuiltLab.run(["new", "first"], in: folder.path)
        #expect(made.status == 64 && made.errors.contains("`first.key.yml` is there already"))
        #expect(folder.read("first.key.yml") == Array("mine".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["first.key.yml"])
    }

    @Test("a name that is no name is refused", arguments: ["", "../lab", "a/b", "1st", "über", "a b", "$(x)"])
    func badNames(name: String) async throws {
        #expect(NewLab(name: name, topic: .web) == nil)
        let folder = TemporaryFolder()
        let made = try await BuiltLab.run(["new", name], in: folder.path)
        #expect(made.status == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test("it goes into Labs/ where there is one, and where it is told otherwise")
    func folders() async throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/Labs", withIntermediateDirectories: true)
        #expect(try await BuiltLab.run(["new", "first"], in: folder.path).output.hasPrefix("Labs/first.yml\n"))
        #expect(try await BuiltLab.run(["new", "first", "--dir", "other"], in: folder.path).status == 0)
        #expect(!folder.read("Labs/worlds/first.yml").isEmpty && !folder.read("other/first.yml").isEmpty)
    }
}

@Suite("lab new, and then proved", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct NewLabRunTests {
    /// Names that YAML, a shell or a reader of paths could take for something else.
    @Test(
        "what it writes lints, runs and proves, whatever its name",
        arguments: zip(NewLab.Topic.allCases, ["no", "null", "X-_1--es"]))
    func proves(topic: NewLab.Topic, name: String) async throws {
        let folder = TemporaryFolder()
        let made = try await BuiltLab.run(["new", name, "--topic", topic.rawValue], in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        let lint = try await BuiltLab.run(["lint", name + ".yml"], in: folder.path)
        #expect(lint.output == "1 lab: no problems\n", "\(lint.output)\(lint.errors)")
        let run = try await BuiltLab.run(["run", name + ".yml", "--student", "ada", "--plain"], in: folder.path)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let proof = try await BuiltLab.run(["prove", name + ".yml", "--jobs", "2"], in: folder.path)
        #expect(proof.status == 0, "\(proof.output)\(proof.errors)")
        #expect(proof.output.contains("\nproved: "))
    }

    @Test(
        "names that YAML reads as something else are names here", arguments: ["yes", "off", "true", "e3", "n", "inf"])
    func traps(name: String) async throws {
        let folder = TemporaryFolder()
        #expect(try await BuiltLab.run(["new", name], in: folder.path).status == 0)
        let lint = try await BuiltLab.run(["lint", name + ".yml"], in: folder.path)
        #expect(lint.output == "1 lab: no problems\n", "\(lint.output)\(lint.errors)")
    }
}
