package import LabModel
import SupportDiagnostics

/// One `--report`: a format and the file that it is written to.
package struct ReportTarget: Sendable {
    package let format: any ReportFormat
    package let path: String

    package init(format: any ReportFormat, path: String) {
        self.format = format
        self.path = path
    }

    /// Reads `FORMAT:FILE`, or `FILE` with an extension that means a format. A name before the colon that is no format
    /// is an error unless the whole is a file with a known extension, so that `a:b.html` stays a file name.
    package static func parse(_ text: String) throws(ReportTargetError) -> ReportTarget {
        let prefix = text.prefix { $0 != ":" }
        if prefix.endIndex < text.endIndex, let format = ReportCatalog.named(String(prefix)) {
            let path = String(text[text.index(after: prefix.endIndex)...])
            guard !path.isEmpty else { throw ReportTargetError(argument: text, reason: .noFile) }
            return ReportTarget(format: format, path: path)
        }
        guard !text.isEmpty else { throw ReportTargetError(argument: text, reason: .noFile) }
        let file = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = file.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, let last = parts.last, !last.isEmpty {
            if let format = ReportCatalog.forExtension(String(last)) { return ReportTarget(format: format, path: text) }
            if prefix.endIndex == text.endIndex {
                throw ReportTargetError(argument: text, reason: .unknownExtension(String(last)))
            }
        }
        guard prefix.endIndex == text.endIndex else {
            throw ReportTargetError(argument: text, reason: .unknownFormat(String(prefix)))
        }
        throw ReportTargetError(argument: text, reason: .noExtension)
    }

    /// Renders the report and puts it in place in one go: a reader sees the old file or the new one.
    package func write(_ record: RunRecord, _ context: ReportContext) throws {
        try AtomicFile.write(try format.render(record, context), to: path)
    }
}

/// A `--report` that says no format or no file.
package struct ReportTargetError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        case noFile
        case noExtension
        case unknownExtension(String)
        case unknownFormat(String)
    }

    package let argument: String
    package let reason: Reason

    package init(argument: String, reason: Reason) {
        self.argument = argument
        self.reason = reason
    }

    package var description: String {
        let shown = Visible.text(argument)
        let formats = ReportCatalog.all.map(\.name).joined(separator: ", ")
        let extensions = ReportCatalog.all.flatMap(\.extensions).map { "." + $0 }.joined(separator: ", ")
        return switch reason {
        case .noFile:
            "--report \(shown) names no file. Write FORMAT:FILE with one of \(formats), such as junit:results.xml."
        case .noExtension:
            "--report \(shown) has no extension that tells its format. "
                + "Write FORMAT:FILE with one of \(formats), or a file that ends in \(extensions)."
        case .unknownExtension(let found):
            "--report \(shown): .\(Visible.text(found)) is no report\(suggested(found, .extensions)) "
                + "Write FORMAT:FILE with one of \(formats), or a file that ends in \(extensions)."
        case .unknownFormat(let found):
            "--report \(shown): there is no format \(Visible.text(found))\(suggested(found, .names)) "
                + "The formats are \(formats)."
        }
    }

    private enum Candidates { case names, extensions }

    private func suggested(_ found: String, _ candidates: Candidates) -> String {
        let known =
            switch candidates {
            case .names: ReportCatalog.all.map(\.name)
            case .extensions: ReportCatalog.all.flatMap(\.extensions)
            }
        guard let nearest = Suggestion.nearest(to: found, among: known) else { return "." }
        return "; did you mean \(nearest)?"
    }
}
