/// Problems of what is written once and used often: included files, groups, repetitions.
enum ReuseCodes {
    static let all: [CodeExplanation] = [
        .init(
            "include.cycle", "A file that includes itself",
            meaning: "The file includes itself, or a file that includes it.",
            reason: "Reading would never end.",
            advice: "Take the common part into a file of its own."),
        .init(
            "include.depth", "Files that include each other very deep",
            meaning: "More than sixteen files include each other one after the other.",
            reason: "Nobody could follow it, and it is most likely a mistake.",
            advice: "Include the files from the lab itself.",
            test: "a chain of files that is too long is refused with the chain"),
        .init(
            "lab.no-include", "An included file that is not there",
            meaning: "`include` names a file that does not exist.",
            reason: "Steps, variables or groups would be missing.",
            advice: "Correct the path; it begins at the folder of the lab’s main file."),
        .init(
            "lab.too-many-steps", "More steps than any lab has",
            meaning: "`foreach` and groups within each other come to more than 20,000 steps.",
            reason: "They multiply: three lists of thirty are 27,000 steps.",
            advice: "Shorten the lists, or name the combinations that matter."),
        .init(
            "foreach.empty", "A repetition for nothing",
            meaning: "The list under `foreach` is empty.",
            reason: "The step would not be there at all.",
            advice: "List the items, or remove `foreach`."),
        .init(
            "foreach.name", "An item with a name that cannot be",
            meaning:
                "The name of an item is made of letters, digits and `_`, begins with a letter and has no other meaning.",
            reason: "`$my-site` could not be told from `$my` followed by `-site`.",
            advice: "Choose another name, such as `site`."),
        .init(
            "foreach.reference", "An item that is no plain value",
            meaning: "An item of `foreach` refers to a `$name`.",
            reason: "Ids are made of the items; they must be the same for every student and in every run.",
            advice: "Write the values out, and use the `$name` within the step."),
        .init(
            "foreach.same-item", "Two items that give the same id",
            meaning: "Two items become the same text when all but letters and digits is taken away.",
            reason: "Their steps would have the same id.",
            advice: "Remove one, or give the steps ids of their own by writing them out."),
        .init(
            "group.bad-parameter", "A parameter with a name that cannot be",
            meaning:
                "A parameter’s name is made of letters, digits and `_`, begins with a letter and has no other meaning.",
            reason: "`$my-site` could not be told from `$my` followed by `-site`.",
            advice: "Choose another name, such as `site`."),
        .init(
            "group.cycle", "A group that uses itself",
            meaning: "A group uses itself, or a group that uses it.",
            reason: "Putting it in place would never end.",
            advice: "Use `foreach` to repeat something."),
        .init(
            "group.duplicate", "A group that is there twice",
            meaning: "Two files of groups, or a file and the lab, define the same name.",
            reason: "It would depend on the order of the files which one is used.",
            advice: "Give one of them another name, or remove it."),
        .init(
            "group.empty", "A group without steps",
            meaning: "`steps` of the group is empty.",
            reason: "Using it would do nothing.",
            advice: "Give it steps, or remove it."),
        .init(
            "group.missing-parameter", "A parameter that a use does not give",
            meaning: "The group has a parameter without a `default`, and the use gives no value for it.",
            reason: "The steps of the group would have a hole.",
            advice: "Give it under `with`, or give the parameter a `default`."),
        .init(
            "group.mixed-parameter", "A parameter whose value shows too late",
            meaning: "The value mixes text with the result of a step, or with a secret.",
            reason: "Parameters are put in place before the lab runs.",
            advice: "Give the `$name` alone, and put the text around it within the group."),
        .init(
            "group.parameter-type", "A parameter of the wrong type",
            meaning: "The value does not fit the type or the constraints of the parameter.",
            reason: "The steps of the group were written for another kind of value.",
            advice: "Give a value as the definition asks, shown with the message."),
        .init(
            "group.same-prefix", "Two uses with the same name",
            meaning: "Two uses of groups have the same `as`.",
            reason: "The ids of their steps would collide.",
            advice: "Give each use a name of its own."),
        .init(
            "group.unknown", "A group that is not there",
            meaning: "`group` names no group of the lab.",
            reason: "There is nothing to put in place.",
            advice: "Correct the name, or define the group under `groups`."),
        .init(
            "group.unknown-parameter", "A parameter that the group does not have",
            meaning: "A key under `with` is no parameter of the group.",
            reason: "The value would be ignored without a word.",
            advice: "Correct the name; the message lists the parameters."),
        .init(
            "group.unused", "A group that nobody uses",
            meaning: "The group is defined but never used, so its steps were not checked.",
            reason: "Whatever is wrong with it shows only when somebody uses it.",
            advice: "Use it, or remove it."),
        .init(
            "group.unused-parameter", "A parameter that nothing uses",
            meaning: "No step of the group mentions the parameter.",
            reason: "Who uses the group believes that the value matters.",
            advice: "Remove the parameter, or use it."),
    ]
}
