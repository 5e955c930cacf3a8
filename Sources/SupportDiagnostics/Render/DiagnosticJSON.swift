/// Diagnostics as one JSON array, for editors and CI.
package enum DiagnosticJSON {
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        var json = JSONText()
        json.array { array in
            for diagnostic in diagnostics { array.object { write(diagnostic, to: &$0) } }
        }
        return json.text
    }

    private static func write(_ diagnostic: Diagnostic, to json: inout JSONText) {
        json.string("code", diagnostic.code)
        json.string("severity", diagnostic.severity.rawValue)
        json.string("message", diagnostic.message)
        if let primary = diagnostic.primary {
            json.object("at") { write(primary, to: &$0) }
        }
        json.array("related") { array in
            for label in diagnostic.secondary { array.object { write(label, to: &$0) } }
        }
        json.array("notes") { array in diagnostic.notes.forEach { array.string(nil, $0) } }
        json.array("help") { array in diagnostic.help.forEach { array.string(nil, $0) } }
        if let fix = diagnostic.fix {
            json.object("fix") { object in
                write(fix.span, to: &object)
                object.string("replacement", fix.replacement)
            }
        }
    }

    private static func write(_ label: Diagnostic.Label, to json: inout JSONText) {
        write(label.span, to: &json)
        json.string("label", label.text)
    }

    private static func write(_ span: SourceSpan, to json: inout JSONText) {
        json.string("file", span.file.name)
        json.integer("line", span.start.line)
        json.integer("column", span.start.column)
        json.integer("end_line", span.end.line)
        json.integer("end_column", span.end.column)
        json.integer("offset", span.range.lowerBound)
        json.integer("length", span.range.count)
    }
}
