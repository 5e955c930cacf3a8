import ArgumentParser
import Glibc
import LabAuthoring
import LabJudge
import LabModel
import LabReport
import SupportLinux

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a lab as a person reads it: tasks, commands, what is looked at.",
        discussion: """
            Nothing of the lab's key file is shown, and of a check what it looks at, not what it expects. Values that \
            are drawn for each student appear with --student; secrets never do.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, html
    }

    @OptionGroup var options: LabOptions

    @Option(help: "How it is written.")
    var format = Format.text

    @Flag(inversion: .prefixedNo, help: "Shows the world's hosts, too.")
    var world = true

    @Flag(help: "Tells the hints, too (on a page they are folded).")
    var hints = false

    @Option(name: .customLong("out"), help: "Writes it to this file.")
    var target: String?

    func run() throws {
        let read = try options.load()
        // A handout is passed on: a secret is its mask, whether it was drawn or given.
        var references = read.loaded.judgedReferences
        if options.student == nil, options.seed == nil {
            var other = read.settings
            other.seed = read.loaded.seed.number ^ 1
            references = Handout.common(
                references, LabLoader.standard.load(read.path, settings: other).judgedReferences)
        }
        let handout = Handout(read.lab, references: references, withWorld: world)
        var text =
            switch format {
            case .text: handout.text(withHints: hints)
            case .markdown: handout.markdown(withHints: hints)
            case .html: handout.html()
            }
        text = read.loaded.redaction.text(text)
        guard let target else { return Standard.output(text) }
        do {
            try AtomicFile.write(Array(text.utf8), to: target)
        } catch {
            Standard.error("lab: the handout could not be written to `\(target)`: \(error)\n")
            throw LabModel.ExitStatus.usage.exit
        }
    }
}
