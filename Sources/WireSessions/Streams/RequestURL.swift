/// Absolute URLs out of what requests hold.
enum RequestURL {
    /// The URL of a request for `target` on `authority`, and its parts; the scheme's default port is left out.
    static func parts(target: String, authority: String, isSecure: Bool) -> (url: String, host: String, path: String) {
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let named = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            let path = String(rest.dropFirst(named.count))
            return join(scheme, String(named), path.hasPrefix("/") ? path : "/" + path)
        }
        return join(isSecure ? "https://" : "http://", authority, target.hasPrefix("/") ? target : "/" + target)
    }

    private static func join(
        _ scheme: String, _ authority: String, _ path: String
    ) -> (url: String, host: String, path: String) {
        let suffix = scheme == "https://" ? ":443" : ":80"
        let shown = authority.hasSuffix(suffix) ? String(authority.dropLast(suffix.count)) : authority
        return (scheme + shown + path, host(of: authority), path)
    }

    /// The name without its port; an IPv6 address keeps its brackets off.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}
