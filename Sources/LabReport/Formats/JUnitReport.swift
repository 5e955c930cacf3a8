package import LabModel

/// `--report junit:FILE`: JUnit XML in the subset that GitLab, Jenkins and the GitHub actions read alike, a test case a
/// check. Reasons stand in the text of the elements, which is all that GitLab shows.
package struct JUnitReport: ReportFormat {
    package let name = "junit"
    package let extensions = ["xml"]

    package init() {}

    package func render(_ record: RunRecord, _ context: ReportContext) throws -> [UInt8] {
        let suite = "lab.\(Self.slug(record.lab.name))"
        let cases = record.shown(from: context.folder).steps.flatMap {
            JUnitCase.cases(of: $0, suite: suite, credit: record.credit)
        }
        let all = cases.isEmpty ? [JUnitCase.nothingChecked(suite: suite, file: record.lab.file)] : cases
        let summary = RunSummary(record, folder: context.folder, .english)
        let counts: [(String, String)] = [
            ("tests", String(all.count)),
            ("failures", String(all.count { $0.result?.element == "failure" })),
            ("errors", String(all.count { $0.result?.element == "error" })),
            ("skipped", String(all.count { $0.result?.element == "skipped" })),
            ("time", Figures.seconds(summary.duration)),
        ]
        var xml = XMLText()
        xml.element("testsuites", [("name", "lab \(record.lab.name)")] + counts) { xml in
            let place = [
                ("timestamp", UTCTime(nanoseconds: record.startedAt).text.trimmingEnd("Z")), ("file", record.lab.file),
            ]
            xml.element("testsuite", [("name", suite)] + counts + place) { xml in
                xml.properties(
                    [
                        ("title", record.lab.title), ("student", record.student), ("seed", String(record.seed)),
                        ("run", record.id), ("folder", context.folder), ("points", Figures.points(summary.points)),
                        ("max_points", Figures.points(summary.maxPoints)),
                        ("pending_points", Figures.points(summary.pending)),
                        ("exit_status", String(summary.exit.rawValue)),
                    ] + record.findings.map { ("finding", $0) })
                for testcase in all { testcase.write(to: &xml) }
                xml.leaf("system-out", "\(summary.headline). \(summary.pointsLine).")
                if !record.findings.isEmpty {
                    xml.leaf("system-err", record.findings.joined(separator: "\n"))
                }
            }
        }
        return Array(xml.text.utf8)
    }

    /// Jenkins takes dots for packages: a name keeps letters, digits, `-` and `_`.
    static func slug(_ name: String) -> String {
        let mapped = name.unicodeScalars.map { scalar -> Character in
            let kept = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return kept || scalar == "-" || scalar == "_" ? Character(scalar) : "-"
        }
        return mapped.isEmpty ? "-" : String(mapped)
    }
}
