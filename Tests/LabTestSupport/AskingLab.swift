/// A lab that asks for an answer of every type and for a file, without a world, so that it runs on any machine.
package struct AskingLab: Sendable {
    package static let text = """
        format: 1
        lab: asking
        title: Questions
        vars: { routers: { default: 3 } }
        steps:
        - id: hops
          title: Count the routers
          ask: { question: How long takes the way over $routers routers?, type: number, unit: ms }
          expect:
            right: lab.answer.number in {11.5 .. 12.5}
            quick: lab.answer.duration < 50ms
        - id: name
          title: Name it
          ask: What passes packets on?
          expect:
            given: lab.answer.text matches "^r"
        - id: kinds
          title: Choose
          ask: { question: Which of these look at addresses?, type: choices, options: [A router, A bridge, An alley] }
          points: 2
          expect:
            all: lab.answer.choices == [1, 2]
            router: lab.answer.option == "A router"
        - id: word
          title: Whisper it
          ask: { question: What is the password?, type: secret }
          expect:
            kept: lab.answer.sha256
        - id: notes
          title: Hand in your notes
          file: { name: notes.txt, at-most: 1000 }
          expect:
            said: lab.line.text contains "hello" and lab.line.text contains "routers"

        """

    package static let key = """
        format: 1
        lab: asking
        answers:
          hops: 12 ms
          name: rou-ter
          kinds: [A router, A bridge]
          word: open-sesame
          notes: { text: "Notes\\nhello, $routers routers\\n" }
        checks:
          name:
            expect:
              exact: lab.answer.text == "rou-ter"
          word:
            expect:
              right: lab.answer.sha256 == \(digest)
        rubric:
          notes: [{ text: Says hello in whole sentences., points: 2 }]
        wrong:
          misnamed:
            because: A ring is no device.
            change: { answers: { name: ring } }
            fails: [name.exact]
          silent:
            because: Who says nothing has nothing.
            change: { answers: { word: hush, notes: { text: "hello" } } }
            fails: [word.right, notes.said]

        """

    /// SHA-256 of `open-sesame`, as a question writes it.
    package static let digest =
        "d7:ec:df:25:ea:f3:de:ba:0f:26:28:77:1d:bd:d2:2d:41:38:ab:6c:f3:8f:91:ed:02:a2:ca:0d:ec:7c:8a:b7"

    package static let answers = """
        hops: 0.012 s
        name: " rou-ter "
        kinds: "1, a bridge"
        word: open-sesame

        """

    package let folder = TemporaryFolder()

    /// - Parameter key: whether the key lies beside the lab.
    package init(key: Bool = false) {
        folder.write(Array(Self.text.utf8), to: "asking.yml")
        if key { folder.write(Array(Self.key.utf8), to: "asking.key.yml") }
    }

    package func run(_ arguments: [String] = [], input: [UInt8] = []) async throws -> RealTool.Outcome {
        try await BuiltLab.run(
            ["run", "asking.yml", "--student", "ada", "--format", "json"] + arguments, in: folder.path, input: input)
    }

    /// Writes the right answers and notes, and gives the options that name them.
    package func prepared() -> [String] {
        folder.write(Array(Self.answers.utf8), to: "answers.yml")
        folder.makeFolder("mine")
        folder.write(Array("hello, 3 routers\n".utf8), to: "mine/notes.txt")
        return ["--answers", "answers.yml", "--hand-in", "mine"]
    }
}
