/// Problems of a lab as a whole: its files, its variables, its settings.
enum LabCodes {
    static let all: [CodeExplanation] = [
        .init(
            "lab.bad-setting", "A setting of the wrong type",
            meaning: "`--set NAME=VALUE` gives a variable a value that does not fit its type.",
            reason: "The lab would run with a port that is none.",
            advice: "Give a value of the type that the message names.",
            test: "settings that do not fit are refused"),
        .init(
            "lab.bad-variable", "A variable with a name that cannot be",
            meaning: "A variable's name begins with a letter and holds letters, digits and `_`; `world` is taken.",
            reason: "`$my-port` could not be told from `$my` followed by `-port`.",
            advice: "Choose another name, such as `my_port`."),
        .init(
            "lab.empty", "A lab without steps",
            meaning: "`steps` is empty, or holds sections only.",
            reason: "A run of it would check nothing, and checking nothing is never a success.",
            advice: "Add a step; `lab explain` lists the kinds."),
        .init(
            "lab.no-file", "A file that is not there",
            meaning: "The lab's file could not be read.",
            reason: "There is nothing to check.",
            advice: "Correct the path, or the permissions of the file.",
            test: "a lab that is not there is told"),
        .init(
            "lab.no-world", "A world that is not there",
            meaning: "`world` names a file that does not exist beside the lab.",
            reason: "The hosts of the steps would be nowhere.",
            advice: "Correct the path; it begins at the lab's own folder."),
        .init(
            "lab.outside", "A file outside the lab's folder",
            meaning: "The lab names a file by an absolute path or with `..`.",
            reason: "A lab travels as one folder: to students, into CI, into a run's own copy.",
            advice: "Move the file below the lab's folder and name it from there."),
        .init(
            "lab.unknown", "A lab that is not there",
            meaning: "No file and no name in `Labs/` or `$LAB_PATH` fits what was asked for.",
            reason: "There is nothing to run.",
            advice: "`lab list` shows the names there are.",
            test: "a name that no lab has is told with the nearest"),
        .init(
            "lab.unknown-setting", "A setting of no variable",
            meaning: "`--set NAME=VALUE` names a variable that the lab does not have.",
            reason: "The setting would have no effect.",
            advice: "Use one of the lab's variables.",
            test: "settings that do not fit are refused"),
        .init(
            "lab.variable-source", "A variable without exactly one source",
            meaning: "A variable is either a `default` or a `pick`, and this one is both or neither.",
            reason: "Nobody could say what its value is.",
            advice: "Write { default: 9000 } or { pick: port }."),
    ]
}
