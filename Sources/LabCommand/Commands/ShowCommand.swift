import ArgumentParser
import Glibc
import LabAuthoring
import LabJudge
import LabModel
import LabReport
import SupportDiagnostics
import SupportLinux

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows a lab as a person reads it: tasks, commands, what is looked at.",
        discussion: """
            Nothing of the lab's key file is shown, and of a check what it looks at, not what it expects. Values that \
            are drawn for each student appear with --student; secrets never do. With --world the world alone is drawn, as \
            text or as a picture (--format svg).
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown, html, svg
    }

    @OptionGroup var options: LabOptions

    @Option(help: "How it is written.")
    var format = Format.text

    @Flag(inversion: .prefixedNo, help: "Draws the world alone; or leaves the world's hosts out.")
    var world: Bool?

    @Flag(help: "Tells the hints, too (on a page they are folded).")
    var hints = false

    @Option(name: .customLong("out"), help: "Writes it to this file.")
    var target: String?

    func run() throws {
        let read = try options.load()
        // A handout is passed on: a secret is its mask, whether it was drawn or given.
        var references = read.loaded.judgedReferences
        var others: [WorldDefinition] = []
        if options.values.student == nil, options.values.seed == nil {
            // One other student may draw the same value, hardly one of several.
            for number in 1...4 {
                var settings = read.settings
                settings.seed = read.loaded.seed.number ^ UInt64(number)
                // With edits, even none, the key's wrong runs are not read all over again.
                let other = LabLoader.standard.load(read.path, settings: settings, edits: LabEdits())
                references = Handout.common(references, other.judgedReferences)
                if let world = other.lab?.world { others.append(world) }
            }
        }
        let text: String
        if world == true {
            text = try drawing(of: read, others)
        } else {
            let handout = Handout(read.lab, references: references, withWorld: world ?? true, others: others)
            text =
                switch format {
                case .markdown: handout.markdown(withHints: hints)
                case .html: handout.html()
                case .text, .svg: handout.text(withHints: hints)
                }
        }
        try write(read.loaded.redaction.text(text))
    }

    func validate() throws {
        if world == true, format == .markdown || format == .html {
            throw ValidationError("--world is drawn with --format text or svg, not \(format.rawValue)")
        }
        if world != true, format == .svg {
            throw ValidationError("--format svg is for --world: a lab's text is no picture")
        }
    }

    private func drawing(of read: ReadLab, _ others: [WorldDefinition]) throws -> String {
        guard let world = read.lab.world else {
            Standard.error("lab: the lab `\(Visible.text(read.lab.name))` has no world that could be drawn\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let map = WorldMap(world, of: read.lab.name, from: read.lab.host, others: others)
        return format == .svg ? map.svg : map.text
    }

    private func write(_ text: String) throws {
        guard let target else { return Standard.output(text) }
        do {
            try AtomicFile.write(Array(text.utf8), to: target)
        } catch {
            Standard.error("lab: the handout could not be written to `\(target)`: \(error)\n")
            throw LabModel.ExitStatus.usage.exit
        }
    }
}
