import ArgumentParser
import Glibc
import LabModel
import LabSteps
import SupportDiagnostics
import SupportLinux
import SupportQuestions
import Wire
import WireSessions

struct DecryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Opens a capture with a key log and prints frames, as tshark does.")

    @Argument(help: "The capture, pcap or pcapng.")
    var file: String

    @Option(help: "The key log, as SSLKEYLOGFILE names it.")
    var keylog: String?

    @Option(name: .customShort("Y"), help: "A display filter in Wireshark's language.")
    var filter: String?

    @Option(name: .customShort("T"), help: "text, fields or json.")
    var form = Form.text

    @Option(name: .customShort("e"), help: "A field to print with -T fields or json; repeatable.")
    var fields: [String] = []

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case text
        case fields
        case json
    }

    func run() throws {
        let slots = try fields.map(slot)
        if form == .fields, fields.isEmpty { throw ValidationError("-T fields needs at least one -e FIELD") }
        let question = try filter.map(compile)?.bound()
        var keys = KeyLog()
        if let keylog { keys = KeyLog(try read(keylog)) }
        let printer = FramePrinter(question: question, form: form, fields: fields, slots: slots)
        var wanted = FrameFieldSet(slots: slots + (question?.compiled.slots ?? []))
        if form == .json, fields.isEmpty { wanted = .all }
        var configuration = SessionConfiguration.frames(wanted, keyLog: keys)
        configuration.wantsSummaries = form == .text
        let reader = SessionReader(configuration, sink: printer)
        do {
            let capture = try FileDescriptor.open(file, O_RDONLY)
            while true {
                let bytes = try capture.read(upTo: 1 << 20)
                if bytes.isEmpty { break }
                try reader.consume(bytes)
            }
        } catch let error as SystemError {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        } catch {
            Standard.error("lab: `\(file)` cannot be read as a capture: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let report = reader.finish()
        printer.finish()
        if keylog != nil || form == .text { printer.explainStreams(report) }
        if let error = report.captureError {
            Standard.error("lab: `\(file)`: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do { return try Files.read(path) } catch {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }

    private func slot(_ name: String) throws -> Int {
        guard let slot = FrameTable.table.slot(of: name) else {
            let guess = Suggestions.field(name).map { "; did you mean `\($0)`?" } ?? ""
            throw ValidationError("there is no field `\(name)`\(guess)")
        }
        return slot
    }

    private func compile(_ text: String) throws -> CompiledQuestion {
        do { return try FilterCompilation.compile(text, name: "-Y") } catch {
            Problem.show(error.all)
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}
