import SupportDiagnostics
import SupportYAML

extension WorldReader {
    func readSites(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        for pair in fields.map("sites") ?? [] {
            guard
                var site = FieldReader(
                    pair.value, of: "the site `\(pair.key.text)`", declared: LabGrammar.site.names, problems)
            else { continue }
            let host = site.string("host", required: true)
            let hasTLS = site.boolean("tls")?.value ?? false
            let kind = site.string("kind")
            var pages: [WorldDefinition.Page] = []
            for page in site.map("pages") ?? [] { if let page = self.page(page) { pages.append(page) } }
            site.finish()
            guard let host else { continue }
            if world.host(host.value).map(\.isVirtual) ?? true {
                problems.report(.unknownHost(host.value, in: world, at: host.span))
            }
            if let kind, kind.value != "mitm.it" {
                problems.report(
                    Diagnostic(
                        "world.site-kind",
                        "the only kind of site with pages of its own is `mitm.it`, found `\(kind.value)`",
                        at: kind.span))
            }
            world.sites.append(
                .init(
                    name: pair.key.text, host: host.value, hasTLS: hasTLS, isOnboarding: kind != nil, pages: pages))
        }
    }

    private func page(_ pair: YAMLPair) -> WorldDefinition.Page? {
        guard
            var page = FieldReader(
                pair.value, of: "the page `\(pair.key.text)`", declared: LabGrammar.page.names, problems)
        else { return nil }
        let status = page.integer("status", in: 100...599)?.value ?? 200
        let type = page.string("type")?.value ?? "text/plain"
        let body = page.text("body")
        let coding = page.string("coding")
        let isChunked = page.boolean("chunked")?.value ?? false
        page.finish()
        if !pair.key.text.hasPrefix("/") {
            problems.report(
                Diagnostic("world.page-path", "the path of a page begins with `/`", at: pair.key.span))
        }
        if let coding, coding.value != "gzip" {
            problems.report(
                Diagnostic(
                    "world.page-coding", "pages can be coded with `gzip`, found `\(coding.value)`", at: coding.span))
        }
        return WorldDefinition.Page(
            path: pair.key.text, status: status, type: type,
            body: Template(body?.text ?? "", isDeclared: isDeclared), coding: coding?.value, isChunked: isChunked)
    }
}
