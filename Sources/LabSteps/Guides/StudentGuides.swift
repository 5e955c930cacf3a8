import LabModel

/// Guides of the kinds in which the student gives something.
extension StepGuide {
    static let ask = StepGuide(
        why: """
            What a student has understood shows in an answer. `ask` asks on the terminal, or takes the answer from the
            file after `--answers`; where nobody can answer it waits for nobody, and the step is not done. Checks are
            questions about the answer like about everything else, and may compare it with what an earlier step saw, so
            that a question has its own answer for every student. A question whose right answer is written in its check
            belongs into the key file, as a hidden check.
            """,
        example: """
            - id: way
              title: Trace the way to $site
              traceroute: { to: $site }
              expect:
                reached: lab.trace.reached == true

            - id: hops
              title: Count the routers
              ask: { question: "How many routers pass a packet on to $site?", type: number, unit: routers }
              expect:
                counted: lab.answer.number == 3

            - id: address
              title: Name the printer's address
              ask: Which address has printer.example.test?
              hint: The resolver knows.
              expect:
                right: lab.answer.text == $world.printer.address

            - id: layers
              title: What does a router read?
              ask:
                question: Which of these does a router look at to pass a packet on?
                type: choices
                options: [the destination address, the host name, the TTL, the page's text]
              expect:
                both: lab.answer.choices == [1, 3]

            - id: word
              title: Whisper the password
              ask: { question: "What does the ghost say?", type: secret }
              expect:
                right: >-
                  lab.answer.sha256 ==
                  94:00:a3:96:f0:38:f0:7f:8a:c4:08:4b:47:5e:0a:23:a8:f6:e8:c2:b9:fa:c6:17:26:3e:5a:6d:75:36:b9:c0

            """,
        answers: """
            hops: 3
            address: 198.51.100.20
            layers: [the destination address, the TTL]
            word: an open door

            """,
        pitfalls: [
            Pitfall(
                "Nobody is there to answer: the input is no terminal, and `--answers` has no line for the step.",
                .inconclusive, "Give `--answers FILE`, a line for each step: `hops: 3`."),
            Pitfall(
                "The right answer stands in a check that students can read.", .misjudged,
                "Put the check into the key file, or ask for what an earlier step saw: `lab.answer.text == $look.address`."
            ),
            Pitfall(
                "A number is compared exactly, though it was measured.", .failed,
                "Allow a range: `lab.answer.number in {11.5 .. 12.5}`, or `lab.answer.duration < 50ms`."),
            Pitfall(
                "A text is compared letter by letter: `A router` is not `a router`.", .failed,
                "`lab.answer.text matches \"^a? *router$\"` minds no case; with a `choice` there is nothing to mistype."
            ),
            Pitfall(
                "A check asks for a field that this type of answer has not.", .lint("ask.field"),
                "A `number` has `lab.answer.number`, a `secret` nothing but `lab.answer.sha256`."),
            Pitfall(
                "A secret is one of a few words: whoever has the run folder can try them all.", .misjudged,
                "A digest hides only what cannot be guessed."),
        ])

    static let file = StepGuide(
        why: """
            A report, a program, a capture that the student made elsewhere: `--hand-in DIR` names the folder, and the step
            takes one file of it into the evidence, whole. Only plain files in that folder are taken, never what a
            symbolic link leads to, and none that is larger than `at-most`. A capture that was handed in is opened with
            `decrypt`.
            """,
        example: """
            - id: notes
              title: Hand in your notes
              task: Write down in notes.txt which address $site has, and how far it is.
              file: { name: notes.txt, at-most: 4096 }
              expect:
                said: lab.line.text contains "203.0.113.80" and lab.line.text contains $site
                short: lab.file.size < 1000

            """,
        files: ["notes.txt": "My notes\nwww.example.test has the address 203.0.113.80, three routers away.\n"],
        pitfalls: [
            Pitfall(
                "Nothing of that name is in the folder, or no folder was handed in.", .inconclusive,
                "Give `--hand-in DIR`; the step is not done until then."),
            Pitfall(
                "The file is a symbolic link, a folder, or larger than `at-most`.", .failed,
                "Hand in the file itself; `at-most` goes up to 64 MiB."),
            Pitfall(
                "Two facts stand on two lines, and one question asks for both.", .failed,
                "A line is a row: write two checks, or ask `lab.file.content` for both."),
            Pitfall(
                "The name leads out of the folder.", .lint("file.name"),
                "Write a path within it: `src/main.c`."),
        ])
}
