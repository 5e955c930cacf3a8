import LabModel
import SupportDiagnostics
import SupportYAML
import Testing

@Suite("Text written as YAML") struct YAMLTextTests {
    @Test(
        "is read back as the very same text",
        arguments: [
            "plain words", "a: b", "x #y", "- item", "no", "NULL", "", " lead", "trail ", "1e3", "0x10", "22:22",
            "!tag",
            "&a", "*a", "%d", "@x", "`x`", "{a}", "[a]", "a, b", "\"quoted\"", "it's", "back\\slash", "tab\there",
            "nul\u{0}byte", "bell\u{7}", "esc\u{1B}[31m", "line\u{2028}break", "rtl\u{202E}txt", "\u{FEFF}bom", "¿Sí?",
            "éñ 漢字 🙂", "two\nlines", "ends:", "? key", "| block", "> fold", "$name", "/path", "--- ", "...",
            "\u{85}next", "a\r\nb", "~", "=", "<<", "on", "y",
        ])
    func roundTrip(_ text: String) throws {
        let problems = Problems()
        let source = SourceFile(
            name: "t.yml", bytes: Array("key: \(YAMLText.scalar(text))\n\(YAMLText.quoted(text)): v\n".utf8))
        let document = try #require(YAMLDocument.read(source, problems: problems), "\(problems.all)")
        #expect(!problems.hasErrors)
        #expect(document.value(of: "key")?.scalar?.text == text)
        #expect(document.mapping?.last?.key.text == text)
    }
}
