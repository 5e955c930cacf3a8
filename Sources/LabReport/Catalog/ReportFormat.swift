package import LabModel

/// One way to write a run down: a file of `Formats/` each, listed in `ReportCatalog`.
package protocol ReportFormat: Sendable {
    /// What one writes before the colon of `--report NAME:FILE`, and after `--format`.
    var name: String { get }
    /// The file extensions that mean this format, lower case, without the dot.
    var extensions: [String] { get }
    /// The whole file. Equal records and contexts give equal bytes.
    func render(_ record: RunRecord, _ context: ReportContext) throws -> [UInt8]
}

/// What a report needs to know besides the record.
package struct ReportContext: Sendable, Hashable {
    /// The run folder, as programs are told it.
    package var folder: String
    /// The run folder as people are told it: from where they stand.
    package var shownFolder: String
    /// The way from the report's own folder to the run folder, with a slash at its end; empty inside the run folder,
    /// nil where there is no such way, and evidence is then named without a link.
    package var evidenceBase: String?

    /// - Parameter workingDirectory: absolute; a run folder below it is shown without it.
    package init(folder: String, evidenceBase: String? = "", workingDirectory: String? = ShownPath.workingDirectory()) {
        self.folder = folder
        shownFolder = ShownPath.relative(folder, to: workingDirectory)
        self.evidenceBase = evidenceBase
    }
}
