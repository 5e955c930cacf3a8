import Foundation
import LabModel
import LabProof
import LabTestSupport
import Testing

@Suite("Proving a lab that asks", .serialized) struct AskingProofTests {
    /// What `lab prove --format json` says, as far as it is looked at.
    private struct Result: Decodable {
        struct Reference: Decodable { let points: Double }
        struct Run: Decodable {
            let name: String
            let kind: String
            let finding: String
            let failed: [String]
        }
        struct Check: Decodable {
            let name: String
            let killers: [String]
        }
        let reference: Reference
        let blank: [String]
        let runs: [Run]
        /// Nil where the reference run does not earn everything.
        let checks: [Check]?
    }

    private func prove(_ lab: AskingLab) async throws -> (status: Int32, result: Result, errors: String) {
        // That any word at all was whispered is no check that a wrong word could fail.
        let text = AskingLab.text.replacing("  expect:\n    kept: lab.answer.sha256\n", with: "")
        #expect(text != AskingLab.text)
        lab.folder.write(Array(text.utf8), to: "asking.yml")
        let outcome = try await BuiltLab.run(["prove", "asking.yml", "--format", "json"], in: lab.folder.path)
        let result = try JSONDecoder().decode(Result.self, from: Data(outcome.outputBytes))
        return (outcome.status, result, outcome.errors)
    }

    @Test("the key's answers earn everything, no answer earns nothing, and wrong ones fail what they should")
    func proved() async throws {
        let (status, result, errors) = try await prove(AskingLab(key: true))
        #expect(status == 0, "\(errors)")
        #expect(result.reference.points == 8 && result.blank == [])
        let runs = Dictionary(result.runs.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(runs["misnamed"]?.failed == ["name.exact"])
        #expect(runs["silent"]?.failed == ["word.right", "notes.said"])
        // Made without an author: a little more, a little less, an option too few or too many, half a file.
        #expect(runs["hops answered 13"]?.failed == ["hops.right"])
        #expect(runs["kinds answered 2"]?.failed == ["kinds.all", "kinds.router"])
        #expect(runs["kinds answered 1, 2, 3"]?.failed == ["kinds.all"])
        #expect(runs["notes handed in empty"]?.failed == ["notes.said"])
        #expect(result.checks?.allSatisfy { !$0.killers.isEmpty } == true)
    }

    @Test("a check that takes any answer survives")
    func weakened() async throws {
        let lab = AskingLab(key: true)
        let weaker = AskingLab.key.replacing(
            "exact: lab.answer.text == \"rou-ter\"", with: "exact: lab.answer.understood == true")
        #expect(weaker != AskingLab.key)
        lab.folder.write(Array(weaker.utf8), to: "asking.key.yml")
        let (status, result, errors) = try await prove(lab)
        #expect(status == 1)
        #expect(result.checks?.first { $0.name == "name.exact" }?.killers == [])
        #expect(errors.contains("proof.survivor"))
    }

    @Test("an answer of the key that is wrong is told, and so is one that is missing")
    func wrongKey() async throws {
        let lab = AskingLab(key: true)
        // Nobody can say of what was not answered whether it is right: the reference run is inconclusive.
        for (old, new, expected) in [("hops: 12 ms", "hops: 13 ms", 1), ("  hops: 12 ms\n", "", 3)] as [(_, _, Int32)] {
            let key = AskingLab.key.replacing(old, with: new)
            #expect(key != AskingLab.key)
            lab.folder.write(Array(key.utf8), to: "asking.key.yml")
            let (status, result, errors) = try await prove(lab)
            #expect(status == expected, "\(errors)")
            #expect(result.reference.points < 8)
        }
    }

    @Test("wrong answers lie beside the right one")
    func twins() {
        let number = AnswerForm(kind: .number)
        #expect(
            AnswerTwins.wrongAnswers(number, ["number": .int(8)], right: GivenAnswer("8")) == [["9"], ["7"], ["90"]])
        let choice = AnswerForm(kind: .choice, options: ["a", "b", "c"])
        #expect(AnswerTwins.wrongAnswers(choice, ["answer": "b"], right: GivenAnswer("b")) == [["a"], ["c"]])
        let choices = AnswerForm(kind: .choices, options: ["a", "b", "c"])
        #expect(
            AnswerTwins.wrongAnswers(choices, [:], right: GivenAnswer(["a", "b"])) == [["2"], ["1"], ["1", "2", "3"]])
    }
}
