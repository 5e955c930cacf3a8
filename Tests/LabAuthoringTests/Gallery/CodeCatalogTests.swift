import Foundation
import LabAuthoring
import LabTestSupport
import Testing

@Suite("The catalogue of codes") struct CodeCatalogTests {
    /// Every literal in the sources that is a code by its looks: a family, a dot, words with hyphens.
    private static let codesInSources: [String: String] = {
        let families = Set(CodeCatalog.all.map(\.family)).sorted().joined(separator: "|")
        guard let pattern = try? Regex("\"((?:\(families))\\.[a-z0-9]+(?:-[a-z0-9]+)*)\"") else { return [:] }
        var found: [String: String] = [:]
        let root = Repository.root + "/Sources"
        for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init()
        where name.hasSuffix(".swift") && !name.hasPrefix("LabAuthoring/Codes/") {
            guard let text = try? String(contentsOfFile: root + "/" + name, encoding: .utf8) else { continue }
            for match in text.matches(of: pattern) {
                if let code = match.output[1].substring { found[String(code)] = name }
            }
        }
        return found
    }()

    @Test("every code that the sources use is explained")
    func complete() {
        #expect(Self.codesInSources.count > 50)
        for (code, file) in Self.codesInSources.sorted(by: { $0.key < $1.key }) {
            #expect(CodeCatalog.named(code) != nil, "`\(code)` in \(file) has no entry")
        }
    }

    @Test("every explained code is used by the sources")
    func alive() {
        for entry in CodeCatalog.all { #expect(Self.codesInSources[entry.code] != nil, "`\(entry.code)`") }
    }

    @Test("no code is explained twice, and each explanation is whole sentences", arguments: CodeCatalog.all.map(\.code))
    func whole(code: String) throws {
        let entries = CodeCatalog.all.filter { $0.code == code }
        let entry = try #require(entries.first)
        #expect(entries.count == 1)
        #expect(!entry.title.hasSuffix(".") && entry.title.first?.isLowercase == false)
        for text in [entry.meaning, entry.reason, entry.advice] {
            #expect(text.hasSuffix(".") || text.hasSuffix("'") || text.hasSuffix("]"), "\(text)")
        }
    }

    @Test("every code is shown by a lab of the gallery, or names the test that shows it")
    func shown() throws {
        let announced = Set(BrokenLab.all.flatMap(\.expected).map(\.code))
        let tests = try Self.testNames()
        for entry in CodeCatalog.all {
            switch entry.example {
            case .gallery(let file):
                let codes = BrokenLab(name: String(file.dropLast(4))).expected.map(\.code)
                #expect(codes.contains(entry.code), "\(file) does not announce `\(entry.code)`")
            case .test(let name):
                #expect(tests.contains("\"\(name)\""), "no test is named “\(name)”")
                #expect(!announced.contains(entry.code), "the gallery shows `\(entry.code)`: name no test")
            }
        }
        for code in announced { #expect(CodeCatalog.named(code) != nil, "`\(code)`") }
    }

    private static func testNames() throws -> String {
        let root = Repository.root + "/Tests"
        var all = ""
        for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init()
        where name.hasSuffix("Tests.swift") {
            all += try String(contentsOfFile: root + "/" + name, encoding: .utf8)
        }
        return all
    }
}
