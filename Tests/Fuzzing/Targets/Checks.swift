import Foundation
import LabModel
import SupportDiagnostics
import SupportQuestions

/// What holds of every diagnostic, whatever it is about.
enum Checks {
    static func hold(for diagnostic: Diagnostic) {
        precondition(!diagnostic.code.isEmpty && !diagnostic.message.isEmpty, "a diagnostic says something")
        for label in [diagnostic.primary].compactMap({ $0 }) + diagnostic.secondary {
            precondition(label.span.range.lowerBound >= 0, "a place lies in its file")
            precondition(label.span.range.upperBound <= label.span.file.bytes.count, "a place lies in its file")
        }
        let text = DiagnosticText().render([diagnostic])
        let isClean = text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) }
        precondition(isClean, "what is printed has no control characters")
    }
}

/// Traps that show whether the fuzzer finds what it should: in force only while `LAB_PLANTED_BUG` is set.
enum PlantedBug {
    private static let isPlanted = ProcessInfo.processInfo.environment["LAB_PLANTED_BUG"] != nil

    static func spring(_ question: Question, _ compiled: CompiledQuestion) {
        guard isPlanted, question.text.hasPrefix("all "), compiled.slots.count == 2 else { return }
        guard question.text.contains(".."), question.text.contains("#[") else { return }
        preconditionFailure("the planted bug")
    }

    static func spring(_ loaded: LoadedLab) {
        guard isPlanted, let lab = loaded.lab, lab.steps.count >= 3, lab.variables.count == 3 else { return }
        guard lab.steps[1].kind == "ping", lab.steps[2].isOptional else { return }
        preconditionFailure("the planted bug")
    }
}
