import Foundation
import FuzzTargets
import LabTestSupport
import Testing

/// Inputs that fuzzing found to reach different code, and mutations of them; `bin/fuzz` goes on from there.
@Suite("What strangers write never traps")
struct CorpusTests {
    private static let names = FuzzTargets.all.map(\.name)

    private static func corpus(_ name: String) throws -> [[UInt8]] {
        let folder = Repository.fixture("Fuzzing/\(name)")
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { file in
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)))
        }
    }

    @Test("every input of the corpus is taken", arguments: names)
    func replay(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let corpus = try Self.corpus(name)
        #expect(corpus.count > 50)
        for input in corpus { target.run(input) }
    }

    @Test("mutations of the corpus are taken", arguments: names)
    func mutations(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let corpus = try Self.corpus(name)
        let words = target.dictionary
        var mutations = Mutations(seed: 3)
        for _ in 0..<(name == "lab" ? 400 : 4_000) {
            let start = try #require(corpus.randomElement(using: &mutations))
            target.run(mutations.mutate(start, among: corpus, words: words, longest: target.longestInput))
        }
    }

    @Test("the corpus stays small")
    func size() throws {
        let bytes = try Self.names.flatMap { try Self.corpus($0) }.reduce(0) { $0 + $1.count }
        #expect(bytes < 1_000_000)
    }
}
