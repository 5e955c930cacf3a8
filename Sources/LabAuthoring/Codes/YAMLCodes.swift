/// Problems of a file as YAML, before anything of a lab is read.
enum YAMLCodes {
    static let all: [CodeExplanation] = [
        .init(
            "yaml.after-bracket", "Text after a closing bracket",
            meaning: "A value that begins with `[` or `{` is a list or a mapping, and something follows its end.",
            reason: "YAML cannot say to which of the two the rest belongs, so nothing below is read.",
            advice: "Put the whole text in single quotes: '[optional] Visit the site'."),
        .init(
            "yaml.after-quote", "Text after a closing quote",
            meaning: "A text that begins with a quote ends with the next one, and something follows on the same line.",
            reason: "YAML cannot say to which of the two the rest belongs, so nothing below is read.",
            advice: "Put the whole text in quotes of the other kind: '\"Quit\" is asked'."),
        .init(
            "yaml.alias-cycle", "An alias within what it names",
            meaning: "`*name` stands inside the very node that `&name` marks.",
            reason: "Such a document has no end.",
            advice: "Write out what is meant; an alias may only stand for something complete above it."),
        .init(
            "yaml.block-text", "Text on the line of `|` or `>`",
            meaning: "A value that begins with `|` or `>` is a text over several lines, and begins on the next line.",
            reason: "A question such as `> 5` that begins with the sign would lose it.",
            advice: "Begin the text on the next line, or put a value that begins with the sign in single quotes."),
        .init(
            "yaml.byte-order-mark", "An invisible mark at the start of the file",
            meaning: "The file begins with the bytes EF BB BF, which some Windows editors put before UTF-8.",
            reason: "lab reads over it, but other tools take it for part of the first key.",
            advice: "Save the file as `UTF-8`, not as `UTF-8 with BOM`, or let `lab lint --fix` remove it."),
        .init(
            "yaml.colon", "A colon and a space inside a text",
            meaning: "`: ` inside a plain text begins a value to YAML, and there is one already on this line.",
            reason: "`title: Step two: the proxy` has two keys to YAML, so the file cannot be read.",
            advice: "Put the whole text in single quotes: title: 'Step two: the proxy'."),
        .init(
            "yaml.comment-in-question", "A comment that cuts a question short",
            meaning: "A space and `#` begin a comment in YAML, and one stands behind a question on the same line.",
            reason:
                "If the `#` belonged to the question, the check would ask for less than it says, and pass too easily.",
            advice: "Put the question in quotes if `#` belongs to it, or move the remark to a line of its own."),
        .init(
            "yaml.control-character", "A control character",
            meaning: "The file holds a byte that YAML does not allow, such as an escape or a form feed.",
            reason: "Such bytes are invisible and can drive terminals; other readers refuse the file.",
            advice: "Remove it. Where it is meant, write an escape inside double quotes, such as \"\\x1b\"."),
        .init(
            "yaml.duplicate-key", "A key that is given twice",
            meaning: "One mapping has the same key two times.",
            reason: "Readers of YAML keep one of the two values and lose the other: half the checks of a step, say.",
            advice: "Join the two, or give one of them another name."),
        .init(
            "yaml.empty", "A file without a document",
            meaning: "The file is empty, or holds comments only.",
            reason: "There is no lab in it.",
            advice: "Write one; `lab explain lab` shows what belongs into it."),
        .init(
            "yaml.escape", "An unknown escape in double quotes",
            meaning: "In double quotes a backslash begins an escape, and YAML knows no escape of this letter.",
            reason: "Patterns such as \"\\d+\" cannot be read.",
            advice: "Use single quotes, in which a backslash is a backslash."),
        .init(
            "yaml.indentation", "A line that does not line up",
            meaning: "This line is indented neither like its neighbours nor like anything above it.",
            reason: "In YAML indentation says what belongs to what; a line between two levels belongs nowhere.",
            advice: "Put keys of one mapping, and the hyphens of one list, in the same column."),
        .init(
            "yaml.key", "A key that is no text",
            meaning:
                "A list or a mapping stands where a key is expected. `{{ … }}` and `{ a }` in a plain text do this.",
            reason: "Keys of a lab are names.",
            advice: "Put a text that begins with a brace or a bracket in single quotes."),
        .init(
            "yaml.list-in-line", "A list that begins in the middle of a line",
            meaning: "`- ` begins an item of a list, and a list begins on a line of its own.",
            reason: "The file cannot be read.",
            advice: "Begin a new line, or write the list as [a, b]. Put a text that begins with `- ` in quotes."),
        .init(
            "yaml.merge-key", "A merge key",
            meaning: "`<<: *name` copies the keys of another mapping into this one in YAML 1.1.",
            reason: "YAML 1.2 has no merge keys, readers differ in which key wins, and keys get lost without a word.",
            advice: "Write the keys out, let the whole value be an alias, or make a group of the common steps."),
        .init(
            "yaml.no-colon", "A line that is no `key: value`",
            meaning: "A line inside a mapping has no colon followed by a space.",
            reason: "YAML reads it as a piece of the text before it, or not at all.",
            advice: "Write `key: value`, with a space. Begin a text over several lines with `|`."),
        .init(
            "yaml.not-utf8", "A file that is not UTF-8",
            meaning: "The file holds bytes that are no characters in UTF-8.",
            reason: "Names and texts would read differently on every machine.",
            advice: "Save it as UTF-8. Latin-1, Windows-1252 and UTF-16 come from old editors and from PowerShell."),
        .init(
            "yaml.reserved-character", "A text that begins with a reserved character",
            meaning:
                "A plain text cannot begin with a backtick, `@`, `%`, `*`, `&`, `{`, `[`, `|`, `>`, `!`, `,` or `#`.",
            reason: "To YAML these begin something else: an alias, an anchor, a list, a mapping, a tag, a comment.",
            advice: "Put the text in single quotes."),
        .init(
            "yaml.several-documents", "A second document",
            meaning: "`---` begins another document in the same file.",
            reason: "A lab is one document; what follows would be ignored.",
            advice: "Remove the line, or put what follows in a file of its own."),
        .init(
            "yaml.syntax", "Not YAML",
            meaning: "The YAML parser stopped here, for the reason that is told.",
            reason: "Nothing below this place can be read.",
            advice: "Compare the line with its neighbours; often a quote or a bracket above it is not closed."),
        .init(
            "yaml.tab", "A tab in the indentation",
            meaning: "YAML is indented with spaces only.",
            reason: "A tab is as wide as every editor likes, so nobody could say what belongs to what.",
            advice: "Replace it with spaces; set the editor to insert spaces."),
        .init(
            "yaml.tag", "A leading `!` that becomes a tag",
            meaning: "A plain text that begins with `!` is a tag to YAML, and the rest of the line is another text.",
            reason: "The question `!tcp` would lose its negation and ask for the opposite.",
            advice: "Put the question in single quotes, or write `not tcp`; `lab lint --fix` writes the quotes."),
        .init(
            "yaml.too-deep", "Nested too deeply",
            meaning: "Mappings and lists stand inside each other more than 64 deep.",
            reason: "No lab needs that; a file made to exhaust the machine does.",
            advice: "Look for brackets that are not closed, or for a generated file."),
        .init(
            "yaml.too-large", "A file that is too large",
            meaning: "The file has more than 10 MB.",
            reason: "No lab needs that; reading it would cost more than it may.",
            advice: "Serve large contents from a file beside the lab instead of writing them into it.",
            test: "A file beyond the limit is not read"),
        .init(
            "yaml.too-many-nodes", "Too many nodes",
            meaning: "The document has more than 200,000 values once every alias stands for all that it names.",
            reason: "A few lines of aliases of aliases can stand for billions of values.",
            advice: "Write the values out, or share less."),
        .init(
            "yaml.unclosed-bracket", "A bracket that is not closed",
            meaning: "A list `[ … ]` or a mapping `{ … }` on one line goes on where a comma or its end is expected.",
            reason: "The rest of the file would belong to it.",
            advice: "Close it. A question with braces or commas inside `{ … }` stands in single quotes."),
        .init(
            "yaml.unclosed-quote", "A quote that is never closed",
            meaning: "The text that begins with this quote goes on to the end of the file.",
            reason: "Nothing below this place is read as what it is.",
            advice: "Close the quote. In single quotes an apostrophe is written twice: 'it''s'."),
        .init(
            "yaml.unknown-alias", "An alias of nothing",
            meaning: "`*name` stands for what `&name` marks above it, and nothing is marked so.",
            reason: "Often it was no alias at all: a plain text cannot begin with `*`.",
            advice: "Put a text that begins with `*` in single quotes, or mark the node with `&name`."),
    ]
}
