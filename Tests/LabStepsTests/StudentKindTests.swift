import LabModel
import LabSteps
import SupportQuestions
import Testing

@Suite("What students give, as rows") struct StudentKindTests {
    private func answer(_ plan: [String: Value], _ json: String) throws -> [[String]] {
        try Artefacts("ask", plan: plan, ["step/answer.json": json]).derived.tables.values(
            "answer", "lab.answer.text", "lab.answer.number", "lab.answer.duration", "lab.answer.choice",
            "lab.answer.option", "lab.answer.choices", "lab.answer.understood")
    }

    @Test("an answer is one row with what its type gives")
    func answers() throws {
        #expect(
            try answer(["type": "text"], #"{"answer":["a  router"],"sha256":"00"}"#)
                == [["a router", "-", "-", "-", "-", "-", "True"]])
        #expect(
            try answer(["type": "number", "unit": "ms"], #"{"answer":["0.5 s"],"sha256":""}"#)
                == [["0.5 s", "500", "500ms", "-", "-", "-", "True"]])
        #expect(
            try answer(["type": "number"], #"{"answer":["many"],"sha256":""}"#)
                == [["many", "-", "-", "-", "-", "-", "False"]])
        #expect(
            try answer(["type": "choices", "options": ["a", "b", "c"]], #"{"answer":["c","1"],"sha256":""}"#)
                == [["a, c", "-", "-", "1,3", "a,c", "[1, 3]", "True"]])
    }

    @Test("of a secret there is nothing but its digest")
    func secret() throws {
        let artefacts = try Artefacts(
            "ask", plan: ["type": "secret"], ["step/answer.json": #"{"sha256":"0aff"}"#])
        #expect(
            artefacts.derived.tables.values("answer", "lab.answer.sha256", "lab.answer.text") == [["0a:ff", "-"]])
    }

    @Test("damaged answers give no rows")
    func damaged() throws {
        for json in ["", "{", "[]", #"{"answer":"a"}"#, #"{"answer":[1]}"#] {
            #expect(try answer(["type": "text"], json) == [])
        }
        #expect(try Artefacts("ask", plan: ["type": "text"], [:]).derived.tables.isEmpty)
    }

    @Test("a file is its bytes and its lines, whatever they are")
    func file() throws {
        let derived = try Artefacts(
            "file", plan: ["name": "src/notes.txt"], results: ["file": "evidence/step/handed-in/notes.txt"],
            ["step/handed-in/notes.txt": "one\r\n\n<b>\u{1B}[2J"]
        ).derived
        #expect(derived.tables.values("file", "lab.file.name", "lab.file.size") == [["src/notes.txt", "13"]])
        #expect(
            derived.tables.values("line", "lab.line.number", "lab.line.text")
                == [["1", "one"], ["2", ""], ["3", "<b>\u{1B}[2J"]])
        let empty = try Artefacts(
            "file", plan: ["name": "a"], results: ["file": "evidence/step/a"], ["step/a": ""]
        ).derived
        #expect(empty.tables.values("line", "lab.line.number") == [])
        #expect(empty.tables.values("file", "lab.file.size") == [["0"]])
    }

    @Test("a path that leads out of the run gives no rows")
    func outside() throws {
        #expect(
            try Artefacts("file", plan: ["name": "a"], results: ["file": "../../etc/passwd"], [:]).derived.tables
                .isEmpty)
    }

    @Test("lines beyond the limit are not looked at, and that is said")
    func longFile() throws {
        let text = String(repeating: "x\n", count: 20_001)
        let derived = try Artefacts(
            "file", plan: ["name": "a"], results: ["file": "evidence/step/a"], ["step/a": text]
        ).derived
        #expect(derived.tables.first { $0.table.name == "line" }?.rows.count == 20_000)
        #expect(derived.explanations == ["only the first 20000 lines are looked at"])
    }
}
