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

    /// A layer behind a slice, `tcp.payload[0:2]#1`: two tokens that are each right where they stand.
    static func spring(_ question: Question) {
        guard isPlanted else { return }
        let text = question.text.utf8.filter { $0 != 0x20 }
        if zip(text, text.dropFirst()).contains(where: { $0 == 0x5D && $1 == 0x23 }) {
            preconditionFailure("the planted bug")
        }
    }

    /// Two keys of one step, in a lab without an error.
    static func spring(_ loaded: LoadedLab) {
        guard isPlanted, let lab = loaded.lab else { return }
        for step in lab.steps where step.retry != nil && !step.conditions.isEmpty {
            preconditionFailure("the planted bug")
        }
    }
}
