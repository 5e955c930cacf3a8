import SupportDiagnostics

/// SARIF 2.1.0 (OASIS), for code scanning: the rules are the codes that occur, explained as `lab explain` does.
struct SARIFLint: LintFormat {
    let name = "sarif"

    func render(_ report: LintReport) -> LintOutput {
        let codes = Set(report.problems.map(\.code)).sorted()
        let indices = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($0.element, $0.offset) })
        var json = JSONText()
        json.object { log in
            log.string("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            log.string("version", "2.1.0")
            log.array("runs") { runs in
                runs.object { run in
                    run.object("tool") { tool in
                        tool.object("driver") { driver in
                            driver.string("name", "lab")
                            driver.string("version", report.version)
                            driver.array("rules") { rules in codes.forEach { rule($0, &rules) } }
                        }
                    }
                    run.string("columnKind", "unicodeCodePoints")
                    run.array("results") { results in
                        for problem in report.problems { result(problem, indices[problem.code] ?? 0, &results) }
                    }
                }
            }
        }
        return LintOutput(output: json.text + "\n")
    }

    private func rule(_ code: String, _ rules: inout JSONText) {
        rules.object { rule in
            rule.string("id", code)
            guard let entry = CodeCatalog.named(code) else { return }
            rule.object("shortDescription") { $0.string("text", entry.title) }
            rule.object("fullDescription") { $0.string("text", "\(entry.meaning) \(entry.reason)") }
            rule.object("help") { $0.string("text", entry.advice) }
        }
    }

    private func result(_ problem: Diagnostic, _ index: Int, _ results: inout JSONText) {
        results.object { result in
            result.string("ruleId", problem.code)
            result.integer("ruleIndex", index)
            result.string("level", problem.severity.rawValue)
            let words = [problem.message] + problem.notes.map { "note: " + $0 } + problem.help.map { "help: " + $0 }
            result.object("message") { $0.string("text", words.joined(separator: "\n")) }
            if let primary = problem.primary {
                result.array("locations") { $0.object { location(primary, &$0) } }
            }
            if !problem.secondary.isEmpty {
                result.array("relatedLocations") { related in
                    for label in problem.secondary { related.object { location(label, &$0) } }
                }
            }
            if let fix = problem.fix { result.array("fixes") { $0.object { change(fix, &$0) } } }
        }
    }

    private func location(_ label: Diagnostic.Label, _ json: inout JSONText) {
        json.object("physicalLocation") { place in
            place.object("artifactLocation") { $0.string("uri", Self.reference(label.span.file.name)) }
            place.object("region") { region(label.span, &$0) }
        }
        if !label.text.isEmpty { json.object("message") { $0.string("text", label.text) } }
    }

    private func region(_ span: SourceSpan, _ json: inout JSONText) {
        json.integer("startLine", span.start.line)
        json.integer("startColumn", span.start.column)
        json.integer("endLine", span.end.line)
        json.integer("endColumn", span.end.column)
        json.integer("byteOffset", span.range.lowerBound)
        json.integer("byteLength", span.range.count)
    }

    private func change(_ fix: Diagnostic.Fix, _ json: inout JSONText) {
        json.array("artifactChanges") { changes in
            changes.object { change in
                change.object("artifactLocation") { $0.string("uri", Self.reference(fix.span.file.name)) }
                change.array("replacements") { replacements in
                    replacements.object { replacement in
                        replacement.object("deletedRegion") { region(fix.span, &$0) }
                        replacement.object("insertedContent") { $0.string("text", fix.replacement) }
                    }
                }
            }
        }
    }

    /// A path as a URI reference (RFC 3986): what is not unreserved is written in hexadecimal.
    private static func reference(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        // What begins with `//` would be a host.
        return result.hasPrefix("//")
            ? "file://" + result.dropFirst() : result.hasPrefix("/") ? "file://" + result : result
    }
}
