import Testing

@testable import LabReport

@Suite("Explanations in Markdown") struct MarkdownTests {
    @Test(
        "The subset becomes HTML",
        arguments: [
            ("One\ntwo\n\nthree", "<p>One two</p>\n<p>three</p>\n"),
            ("*a* **b** `c*d*` _e_ f_g_h", "<p><em>a</em> <strong>b</strong> <code>c*d*</code> <em>e</em> f_g_h</p>\n"),
            ("- a\n- b\n  c", "<ul><li>a</li><li>b c</li></ul>\n"),
            ("1. a\n2) b", "<ol><li>a</li><li>b</li></ol>\n"),
            ("```sh\nls *\n\n<x>\n```\nafter", "<pre><code>ls *\n\n&lt;x&gt;</code></pre>\n<p>after</p>\n"),
            ("## Head *x*", "<p><strong>Head <em>x</em></strong></p>\n"),
            ("[the manual](https://x.test/a?b=1&c)", "<p>the manual (<code>https://x.test/a?b=1&amp;c</code>)</p>\n"),
            ("![alt](x.png)", "<p>alt</p>\n"), ("\\*plain\\*", "<p>*plain*</p>\n"),
            ("**never closed", "<p>**never closed</p>\n"), ("", ""),
        ])
    func subset(_ source: String, _ html: String) {
        #expect(Markdown.html(source) == html)
    }

    @Test(
        "Markup within the text stays text",
        arguments: [
            "<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>",
            "`</code><script>`", "**<b>**", "```\n</code></pre><script>\n```", "![<svg>](x)", "- <i>\u{301}",
            "\"\u{301}onload='\u{20DD}",
        ])
    func hostile(_ source: String) {
        let html = Markdown.html(source)
        let tags = html.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
        let known: Set<Substring> = [
            "p", "/p", "code", "/code", "pre", "/pre", "ul", "/ul", "li", "/li", "strong", "/strong", "em", "/em",
        ]
        for tag in tags { #expect(known.contains(tag)) }
        #expect(!html.unicodeScalars.contains("\""))
    }

    @Test("A text made to be slow is done in time that grows with its length")
    func bounded() {
        let html = Markdown.html(String(repeating: "[*_`", count: 2000))
        #expect(html.hasPrefix("<p>"))
    }
}

@Suite("Text on its way into a page") struct PageTextTests {
    @Test(
        "What stands between backticks is code",
        arguments: [
            ("`a < b` holds", "<code>a &lt; b</code> holds"), ("no partner `", "no partner `"), ("``", ""),
            ("`<b>` and `c`", "<code>&lt;b&gt;</code> and <code>c</code>"), ("", ""),
        ])
    func prose(_ text: String, _ html: String) {
        #expect(PageText.prose(text) == html)
    }
}
