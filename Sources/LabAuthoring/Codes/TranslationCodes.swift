/// Problems of the file that translates a lab.
enum TranslationCodes {
    static let all: [CodeExplanation] = [
        .init(
            "translation.hint-count", "Another number of hints",
            meaning: "The lab has more hints for this step than its translation, or fewer.",
            reason: "Hints are opened one after the other, and some have their price: each needs its own translation.",
            advice: "Translate each hint, in the same order."),
        .init(
            "translation.lost-reference", "A translated text without its `$name`",
            meaning: "The text of the lab names a value with `$`, and its translation does not.",
            reason: "Values differ between students: a port or a name written out is wrong for most of them.",
            advice: "Put the same `$name` into the translation."),
        .init(
            "translation.missing", "A text is not translated",
            meaning: "The translation has no text for some part of the lab.",
            reason: "Students would read two languages in one lab.",
            advice: "Run `lab translate LAB --to LANG`, which adds what is missing, and translate it."),
        .init(
            "translation.other-lab", "The translation of another lab",
            meaning: "The file is named after one lab and says that it translates another one.",
            reason: "It was copied or renamed, and its texts may belong elsewhere.",
            advice: "Write the name of the lab beside it, or rename the file."),
        .init(
            "translation.other-lang", "Another language than the file's name says",
            meaning: "`week2.es.yml` is found by its name; `lang` in it says another language.",
            reason: "A student who asks for one language would be shown another one.",
            advice: "Make the two agree."),
        .init(
            "translation.stale", "The text was changed since it was translated",
            meaning: "The digest in `of` is not that of the text that stands in the lab now.",
            reason: "The translation may tell students to do what is no longer asked.",
            advice: "Read both, mend the translation, and write the new digest that the message gives."),
        .init(
            "translation.unknown-section", "No such section",
            meaning: "Titles of sections are translated by the title itself, and the lab has none like this.",
            reason: "The section would stay untranslated; most often its title was changed in the lab.",
            advice: "Write the title as the lab has it now."),
        .init(
            "translation.unknown-step", "No such step",
            meaning: "Translations are keyed by the ids of steps, and the lab has no step with this one.",
            reason: "The text would never be shown.",
            advice: "Write the id as the lab has it, or remove the entry."),
        .init(
            "translation.unknown-tool", "No such tool in `by-hand`",
            meaning: "A command is translated under the tool that the lab names, and this step names no such tool.",
            reason: "The text would never be shown.",
            advice: "Write the tool as the lab has it."),
        .init(
            "translation.unmarked", "A translation that does not say what it was made from",
            meaning: "There is no digest in `of` for this text.",
            reason: "Without it nobody notices when the lab's own text is changed later.",
            advice: "Run `lab translate LAB --to LANG`, which writes the digests."),
    ]
}
