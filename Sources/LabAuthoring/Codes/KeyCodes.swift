/// Problems of key files, of student editions, and of proofs.
enum KeyCodes {
    static let all: [CodeExplanation] = [
        .init(
            "key.other-lab", "A key of another lab",
            meaning: "`lab` of the key file names another lab than the one it lies beside.",
            reason: "Hidden checks and wrong runs would be held against steps that they were not written for.",
            advice: "Correct the name, or put the key beside its own lab."),
        .init(
            "key.unknown-step", "A step that the lab does not have",
            meaning: "Hidden checks, answers, a rubric or a wrong run are for a step that the lab has not.",
            reason: "They would never be looked at.",
            advice: "Use the `id` of a step of the lab; a step without one needs one."),
        .init(
            "key.unknown-check", "A check that the lab does not have",
            meaning: "`fails` of a wrong run names a check that neither the lab nor the key has.",
            reason: "A wrong run proves nothing about a check that is not there.",
            advice: "Name checks as `step.check`."),
        .init(
            "key.unknown-variable", "A variable that the lab does not have",
            meaning: "`vars` of a wrong run names no variable of the lab.",
            reason: "The change would change nothing.",
            advice: "Use a name from `vars` of the lab."),
        .init(
            "key.unknown-result", "A result that no step gives",
            meaning: "`evidence` of a wrong run names an artefact by a result that there is not.",
            reason: "There would be nothing to exchange.",
            advice: "Name it as `step.result`; `lab explain KIND` lists the results of a kind."),
        .init(
            "key.no-question", "An answer to no question",
            meaning: "`answers` names a step that asks for nothing.",
            reason: "The answer would never be compared with anything.",
            advice: "Answers belong to `ask` and `file` steps."),
        .init(
            "key.answer", "An answer that cannot be given",
            meaning: "An answer of the key is not what its step asks for: no number, none of the options, no file.",
            reason: "The reference run of a proof would answer wrongly.",
            advice:
                "Write the answer as a student would; for a `file` step a path from the lab's folder or { text: … }."),
        .init(
            "key.fails-nothing", "A wrong run that fails nothing",
            meaning: "`fails` of a wrong run is empty.",
            reason: "What is done wrong and still passes everything shows that the lab does not notice.",
            advice: "Name the checks that must fail, or write the check that is missing."),
        .init(
            "key.fails-skipped", "A check of a step that is left out",
            meaning: "A wrong run leaves a step out and expects one of its checks to fail.",
            reason: "What nobody did is not done, which is not failed.",
            advice: "Name the checks of later steps that notice, or change the step instead of leaving it out."),
        .init(
            "key.changes-nothing", "A wrong run that is not wrong",
            meaning: "With the change, every step has the same plan in the same world as without it.",
            reason: "A run that is right cannot show that a check notices what is wrong.",
            advice: "Give another value than the lab's own, defaults included."),
        .init(
            "key.broken-lab", "A change that breaks the lab",
            meaning: "With the change of a wrong run the lab cannot be read any more.",
            reason: "Nothing could be run, so nothing could fail.",
            advice: "Change it so that every step keeps a valid plan; `skip` leaves a step out."),
        .init(
            "key.place", "A place that is none",
            meaning: "`move` or `insert` does not say exactly one of `before` and `after`.",
            reason: "Nobody could say when the step is done.",
            advice: "Write { before: browse } or { after: browse }."),
        .init(
            "key.inserted-check", "A check in an inserted step",
            meaning: "A step that a wrong run inserts has `expect` or `forbid`.",
            reason: "A wrong run shows what the lab's own checks notice; with checks of its own it would show nothing.",
            advice: "Move the check into the lab, or under `checks` of the key."),
        .init(
            "key.inserted-id", "An inserted step without an id",
            meaning: "A step that a wrong run inserts has no `id`.",
            reason: "It would take the name of another step that is named by its position.",
            advice: "Give it an id that the lab does not use."),
        .init(
            "key.evidence", "A change of evidence that is none",
            meaning: "`evidence` does not say what the artefact is exchanged for.",
            reason: "There are only so many ways for a file to be the wrong one.",
            advice: "Write `earlier-run`, `empty`, { from: step.result } or { keep: PERCENT }."),
        .init(
            "key.name", "A file that is no key",
            meaning: "`--key` names a file whose name is not `NAME.key.yml`.",
            reason: "The lab that it belongs to lies beside it and is found by that name.",
            advice: "Give the key file of the instructor's lab.", test: "a key of another edition judges nothing"),
        .init(
            "key.other-edition", "A key of another edition",
            meaning: "The run was made with a lab whose visible steps and checks differ from those beside the key.",
            reason: "Hidden checks say something only about runs of the lab they were written for.",
            advice: "Use the key of the edition that the run was made with, or judge without it.",
            test: "a key of another edition judges nothing"),
        .init(
            "lab.edition", "An edition that does not say where it comes from",
            meaning: "The file `NAME.published.json` beside the lab cannot be read.",
            reason: "Runs are then recognised only by what they are judged by.",
            advice: "Publish the lab again.", test: "an edition that was changed afterwards is told"),
        .init(
            "lab.edition-changed", "An edition that was changed",
            meaning: "Plans, checks or points of a student edition are not those that were published.",
            reason: "Its runs belong to no instructor's edition.",
            advice: "Publish the lab again; wording may be changed freely.",
            test: "an edition that was changed afterwards is told"),
        .init(
            "publish.leak", "Something hidden that students would read",
            meaning: "A file of the student edition holds a hidden question, name, answer, rubric or wrong run.",
            reason: "What students can read is not hidden.",
            advice: "Say it in other words, or move it into the key file.",
            test: "is refused where the author's text gives something away"),
        .init(
            "proof.survivor", "A check that no wrong run fails",
            meaning: "In every wrong run of the proof the check passes, or is not judged.",
            reason: "A check that never fails may be one that cannot: then it tells nobody anything.",
            advice: "Declare a wrong run that it must notice, make the check stricter, or leave it out.",
            test: "a check that was weakened survives, and the runs that it missed are told"),
    ]
}
