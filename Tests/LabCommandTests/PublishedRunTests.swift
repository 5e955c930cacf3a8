import Foundation
import LabJudge
import LabModel
import LabTestSupport
import SupportDiagnostics
import Testing

/// Week 2 as it goes to students and comes back.
@Suite("A published lab", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct PublishedRunTests {
    @Test("students run it from end to end, the instructor judges it with the key, and nothing hidden ever was in it")
    func endToEnd() async throws {
        let folder = TemporaryFolder()
        let published = try await BuiltLab.run(
            ["publish", "week2", "--out", "\(folder.path)/students"], in: Repository.root)
        #expect(published.status == 0, "\(published.errors)")
        let home = folder.path + "/students"
        let runs = folder.path + "/runs"
        let done = try await BuiltLab.run(
            ["run", "week2.yml", "--student", "ada", "--format", "json", "--runs", runs], in: home)
        let student = try JudgedRun(done)
        #expect(done.status == 0, "\(done.errors)")
        #expect(student.troubles == [:])
        // A student has neither more checks nor more points than the edition shows.
        let instructor = try #require(LabLoader.standard.load(Repository.root + "/Labs/week2.yml").lab)
        let hidden = instructor.steps.flatMap { step in
            step.checks.filter(\.isHidden).map { (name: "\(step.id).\($0.name)", check: $0) }
        }
        #expect(hidden.count >= 3)
        for (name, _) in hidden { #expect(student.check(name) == nil) }
        let judged = try await BuiltLab.run(
            ["check", runs + "/week2/latest", "--format", "json", "--key", Repository.root + "/Labs/week2.key.yml"],
            in: folder.path)
        let whole = try JudgedRun(judged)
        #expect(judged.status == 0, "\(judged.errors)")
        #expect(whole.findings == [])
        for (name, _) in hidden { #expect(whole.outcomes[name] == "passed") }
        #expect(whole.points == student.points + hidden.reduce(0) { $0 + $1.check.points })
        #expect(whole.points == whole.maxPoints)

        let words = try HiddenTexts(instructor)
        #expect(words.texts.count > 50)
        for place in [home, runs] { #expect(try words.found(below: place) == []) }
        // The search itself finds what is there.
        let key = TemporaryFolder()
        key.write(try words.bytes(Repository.root + "/Labs/week2.key.yml"), to: "key")
        #expect(try Set(words.found(below: key.path).map(\.text)) == Set(words.texts))
    }
}

/// Every text that only the key file holds, searched for whatever its case and its blanks.
private struct HiddenTexts {
    struct Found: Equatable {
        let text: String
        let file: String
    }

    let texts: [String]

    init(_ lab: LabDefinition) throws {
        let key = try #require(lab.key)
        var texts: [String] = []
        for step in lab.steps {
            for check in step.checks where check.isHidden {
                texts += [check.text, "\(step.id).\(check.name)", check.name]
            }
        }
        for item in key.rubric.flatMap(\.items) { texts.append(item.text) }
        for answer in key.answers { texts += Self.texts(of: answer.value.value) }
        for run in key.wrong { texts += [run.name, run.because] }
        self.texts = texts.map(Self.plain)
    }

    private static func texts(of answer: KeyAnswer) -> [String] {
        switch answer {
        case .nothing: []
        case .texts(let texts): texts
        case .file(let path): [path]
        case .content(let text): [text]
        }
    }

    /// Lower case, and one blank for all that is between words.
    private static func plain(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    func found(below folder: String) throws -> [Found] {
        var found: [Found] = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(file)", isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            // A byte that is no ASCII is kept as one that no text here holds.
            let ascii = try bytes("\(folder)/\(file)").map { $0 < 0x80 ? $0 : 0x01 }
            let text = Self.plain(String(decoding: ascii, as: UTF8.self)) + "\n" + Self.plain(file)
            for word in texts where Self.holds(Array(text.utf8), Array(word.utf8)) {
                found.append(Found(text: word, file: file))
            }
        }
        return found
    }

    /// Whether a text stands alone, not within a longer word.
    private static func holds(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        var rest = text[...]
        while let range = rest.firstRange(of: word) {
            let before = range.lowerBound > 0 ? text[range.lowerBound - 1] : 0x20
            let after = range.upperBound < text.count ? text[range.upperBound] : 0x20
            if !isWord(before), !isWord(after) { return true }
            rest = text[(range.lowerBound + 1)...]
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
            || (0x61...0x7A).contains(byte)
    }
}
