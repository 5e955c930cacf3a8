/// Problems of a step and of what it refers to.
enum StepCodes {
    static let all: [CodeExplanation] = [
        .init(
            "reference.braces", "A name in braces",
            meaning: "`${name}` or `{{name}}` stands for a variable in other languages; here it is `$name`.",
            reason: "The text would stay as it is: a request for http://${site}/ would really ask for that.",
            advice: "Write `$name`; `lab lint --fix` does it."),
        .init(
            "reference.missing-dollar", "An id where its result is meant",
            meaning: "The text is the id of an earlier proxy, but without `$` it is only a text.",
            reason: "The engine would look for a proxy of that name.",
            advice: "Write `$id`; `lab lint --fix` does it."),
        .init(
            "reference.unknown-name", "A name that nobody declared",
            meaning: "`$name` is no variable, no step's result and no fact of the world, so it is not replaced.",
            reason: "The step would be done with the very text `$name`, or the world built with it.",
            advice: "Correct the name, or declare it under `vars`."),
        .init(
            "reference.unknown-step", "A reference to no earlier step",
            meaning: "The step is built on another one that does not exist, or that comes later.",
            reason: "Steps are performed in the order of the file; a later one has no result yet.",
            advice: "Correct the id, or move the step below the one that it needs."),
        .init(
            "step.bad-id", "An id that cannot be",
            meaning: "An id begins with a letter and holds letters, digits and hyphens; `world` is taken.",
            reason: "Ids name evidence folders and stand in references and reports.",
            advice: "Choose a short name such as `browse`."),
        .init(
            "step.duplicate-id", "An id that is taken",
            meaning: "An earlier step or a variable has this name already.",
            reason: "`$name` and the reports could mean either.",
            advice: "Give the step another id."),
        .init(
            "step.hint-answer", "A hint that gives the answer away",
            meaning: "A free hint holds the very text, address or drawn value that a check of the step looks for.",
            reason: "A student who reads it has nothing left to find out.",
            advice: "Lead to the answer instead, or let the hint cost something: { text: …, costs: 1 }."),
        .init(
            "step.no-kind", "A step that does nothing",
            meaning: "No key of the step names a kind.",
            reason: "There is nothing to perform and no evidence to judge.",
            advice: "Add the key of a kind, such as `request: http://www.example.test/`."),
        .init(
            "step.port-taken", "A port that is taken",
            meaning: "Two programs of the lab would listen on the same port of the same host at the same time.",
            reason: "The second one cannot start.",
            advice: "Stop the first one before, or choose another port."),
        .init(
            "step.two-kinds", "A step of two kinds",
            meaning: "Two keys of the step name kinds.",
            reason: "Evidence and checks belong to one act.",
            advice: "Make two steps of it."),
        .init(
            "step.unknown-kind", "A step of an unknown kind",
            meaning: "The step has a key that is neither a kind nor a key of every step, and no other names its kind.",
            reason: "The step cannot be performed.",
            advice: "Correct the name; `lab explain` lists the kinds."),
        .init(
            "step.wrong-kind", "A reference to a step of another kind",
            meaning: "The field needs an earlier step of a certain kind, and the one it names is another.",
            reason: "One cannot stop a ping or decrypt a web page.",
            advice: "Name a step of the kind that the message asks for."),
    ]
}
