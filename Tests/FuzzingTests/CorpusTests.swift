import Foundation
import FuzzTargets
import LabSteps
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
        #expect(corpus.count > 5)
        for input in corpus { target.run(input) }
    }

    /// The fuzzer's build has sample kinds instead, which bring no engines with them.
    @Test("every lab of the corpus is taken with the kinds there are")
    func kinds() throws {
        let target = LabTarget(kinds: StepCatalog.schemas)
        for input in try Self.corpus("lab") { target.run(input) }
    }

    @Test("mutations of the corpus are taken", arguments: names)
    func mutations(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let corpus = try Self.corpus(name)
        let words = target.words
        var mutations = Mutations(seed: 3)
        for _ in 0..<(Self.counts[name] ?? 2_000) {
            let start = try #require(corpus.randomElement(using: &mutations))
            target.run(mutations.mutate(start, for: target, among: corpus, words: words))
        }
    }

    /// As many as take about a second in the debug build.
    private static let counts = ["lab": 400, "question": 4_000, "capture": 200]

    @Test("the corpus stays small")
    func size() throws {
        let bytes = try Self.names.flatMap { try Self.corpus($0) }.reduce(0) { $0 + $1.count }
        #expect(bytes < 1_000_000)
    }
}
