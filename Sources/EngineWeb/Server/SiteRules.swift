/// What a site must be like before it is served: what would break the framing of its responses is found at the start, not by
/// its first visitor.
enum SiteRules {
    /// What is wrong with the first unusable site, in words; nil when all can be served.
    static func problem(in sites: [WebSite]) -> String? {
        for site in sites {
            guard let name = site.names.first else { return "a site has no name" }
            for (path, page) in site.pages.sorted(by: { $0.key < $1.key }) {
                if !path.hasPrefix("/") { return "the path \(path) of \(name) does not begin with /" }
                if let problem = problem(in: page) { return "the page \(path) of \(name) has \(problem)" }
            }
            if let problem = problem(in: site.missing) { return "the page for missing ones of \(name) has \(problem)" }
        }
        return nil
    }

    private static func problem(in page: WebPage) -> String? {
        if !(200...599).contains(page.status) { return "the status \(page.status), which no final response has" }
        if let reason = page.reason, !reason.utf8.allSatisfy(isText) { return "a reason with control characters" }
        for field in page.fields {
            let isToken = !field.name.isEmpty && field.name.utf8.allSatisfy(isTokenByte)
            if !isToken { return "a field whose name is no token" }
            if !field.value.utf8.allSatisfy(isText) { return "a value with control characters in \(field.name)" }
            if ["content-length", "transfer-encoding", "connection"].contains(field.name.lowercased()) {
                return "the field \(field.name), which the server sets itself"
            }
        }
        if case .filler(let count) = page.body, count < 0 { return "a body of \(count) bytes" }
        return nil
    }

    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
