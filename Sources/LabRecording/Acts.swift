/// Web clients.
enum WebActs {
    static func curl(_ words: [String], keylog: String?) -> Act? {
        let options = Options(
            words,
            flags: [
                "-s", "--silent", "-S", "--show-error", "-v", "--verbose", "-i", "--include", "-k", "--insecure", "-L",
                "--location", "-f", "--fail", "--compressed", "--http1.1", "--http2", "-4", "-6", "--ipv4", "--ipv6",
                "-I",
                "--head", "-O", "--remote-name", "-g", "-N", "--no-buffer", "--retry-connrefused", "-q", "-#",
            ],
            valued: [
                "-o", "--output", "-x", "--proxy", "-m", "--max-time", "--connect-timeout", "--retry", "--retry-delay",
                "-A",
                "--user-agent", "--noproxy", "-X", "--request", "-w", "--write-out", "-H", "--header",
            ])
        // A step's client sends no headers and bodies of one's own: what depends on them stays curl's.
        guard options.unknown == nil, options.operands.count == 1, let url = url(options.operands[0]),
            !options.has("-H", "--header")
        else { return nil }
        var request = Act.Request(url: url)
        request.via = options.value("-x", "--proxy").map(endpoint)
        if options.value("--noproxy") == "*" { request.via = "none" }
        if options.has("--http2") { request.version = "2" }
        if options.has("--http1.1") { request.version = "1.1" }
        if options.has("-4", "--ipv4") { request.family = "ipv4" }
        if options.has("-6", "--ipv6") { request.family = "ipv6" }
        if options.has("-I", "--head") { request.method = "HEAD" }
        if let method = options.value("-X", "--request") { request.method = method.uppercased() }
        request.save = saved(options.value("-o", "--output"))
        if options.has("-O", "--remote-name") { request.save = saved(url.split(separator: "/").last.map(String.init)) }
        request.checksCertificate = !options.has("-k", "--insecure")
        request.keylog = keylog
        return request.checksCertificate ? .request(request) : nil
    }

    static func wget(_ words: [String]) -> Act? {
        let options = Options(
            words, flags: ["-q", "--quiet", "-S", "--server-response", "-4", "-6", "--no-verbose"],
            valued: ["-O", "--output-document", "-t", "--tries", "-T", "--timeout"])
        guard options.unknown == nil, options.operands.count == 1, let url = url(options.operands[0]) else {
            return nil
        }
        var request = Act.Request(url: url)
        request.save = saved(options.value("-O", "--output-document"))
        return .request(request)
    }

    /// `127.0.0.1:9000` of `http://127.0.0.1:9000/`.
    static func endpoint(_ text: String) -> String {
        let rest = text.hasPrefix("http://") ? text.dropFirst(7) : text[...]
        return String(rest.prefix { $0 != "/" })
    }

    private static func url(_ text: String) -> String? {
        if text.hasPrefix("http://") || text.hasPrefix("https://") { return text }
        return text.contains("://") ? nil : "http://" + text
    }

    /// A file in the step's own folder has a bare name.
    private static func saved(_ path: String?) -> String? {
        guard let name = path?.split(separator: "/").last.map(String.init), name != "-", path != "/dev/null",
            !name.hasPrefix(".")
        else { return nil }
        return name
    }
}

/// Probes and look-ups.
enum ProbeActs {
    static func ping(_ name: String, _ words: [String]) -> Act? {
        let options = Options(
            words, flags: ["-4", "-6", "-n", "-q", "-v", "-D", "-O"],
            valued: ["-c", "--count", "-i", "--interval", "-W", "--timeout", "-w", "-s", "-t", "-I"])
        guard options.unknown == nil, options.operands.count == 1 else { return nil }
        let count = options.value("-c", "--count").flatMap { Int($0) }
        let family = family(options, six: name == "ping6")
        return .ping(target: options.operands[0], count: count, family: family)
    }

    static func trace(_ name: String, _ words: [String]) -> Act? {
        let options = Options(
            words,
            flags: ["-4", "-6", "-n", "-I", "--icmp", "-U", "--udp", "-b", "-e", "-r", "--report", "-w", "--watch"],
            valued: [
                "-m", "--max-hops", "-q", "--queries", "-W", "-c", "--report-cycles", "--protocol", "-p", "--probes",
                "--interval",
            ])
        guard options.unknown == nil, let target = options.operands.first else { return nil }
        // Without a word about it traceroute and tracepath send UDP, mtr and lab send ICMP.
        let isICMP = options.has("-I", "--icmp") || options.value("--protocol") == "icmp"
        let isUDP = options.has("-U", "--udp") || options.value("--protocol") == "udp"
        let method = isICMP ? "icmp" : isUDP ? "udp" : name == "mtr" || name == "lab" ? "icmp" : "udp"
        return .trace(target: target, method: method, family: family(options, six: name == "traceroute6"))
    }

    private static func family(_ options: Options, six: Bool) -> String {
        six || options.has("-6") ? "ipv6" : options.has("-4") ? "ipv4" : "any"
    }

    private static let types: Set = ["A", "AAAA", "CNAME", "PTR", "NS", "SOA", "TXT", "MX", "SRV", "ANY"]

    static func resolve(_ tool: String, _ words: [String]) -> Act? {
        switch tool {
        case "getent":
            guard words.count == 2, words[0].hasSuffix("hosts") || words[0].hasPrefix("ahosts") else { return .nothing }
            let family = words[0] == "ahostsv4" ? "ipv4" : words[0] == "ahostsv6" ? "ipv6" : "any"
            return .resolve(.init(name: words[1], family: family))
        case "dig": return dig(words)
        default:
            let options = Options(words, flags: ["-v", "-4", "-6", "-a"], valued: ["-t", "-type", "-W"])
            guard options.unknown == nil, let name = options.operands.first, options.operands.count <= 2 else {
                return nil
            }
            return .resolve(
                .init(
                    name: name, type: options.value("-t")?.uppercased(),
                    server: options.operands.count == 2 ? options.operands[1] : nil))
        }
    }

    private static func dig(_ words: [String]) -> Act? {
        var lookup = Act.Lookup(name: "")
        var rest = words[...]
        while let word = rest.popFirst() {
            if word.hasPrefix("@") {
                lookup.server = String(word.dropFirst())
            } else if word == "-x" {
                lookup.name = rest.popFirst() ?? ""
                lookup.type = "PTR"
            } else if word == "-t" {
                lookup.type = rest.popFirst()?.uppercased()
            } else if word.hasPrefix("+") || word == "-4" || word == "-6" {
                continue
            } else if word.hasPrefix("-") {
                return nil
            } else if types.contains(word.uppercased()), !lookup.name.isEmpty || !rest.isEmpty {
                lookup.type = word.uppercased()
            } else if lookup.name.isEmpty {
                lookup.name = word
            } else {
                return nil
            }
        }
        return lookup.name.isEmpty ? nil : .resolve(lookup)
    }
}

/// Programs that go on until they are ended, and what works on their files.
enum ServiceActs {
    static func proxy(_ words: [String], standard: Int, keylog: String?) -> Act? {
        let options = Options(
            words, flags: ["--headless", "-q", "--quiet", "-v"],
            valued: [
                "--listen-port", "-p", "--listen-host", "--confdir", "--keylog", "--set", "--mode", "-m",
                "--upstream-ca",
                "--events",
            ])
        guard options.unknown == nil, !options.has("--mode", "-m", "--upstream-ca") else { return nil }
        return .proxy(
            port: options.value("--listen-port", "-p").flatMap { Int($0) } ?? standard,
            address: options.value("--listen-host") ?? "127.0.0.1",
            keylog: (options.value("--keylog") ?? keylog).flatMap { $0.split(separator: "/").last.map(String.init) })
    }

    static func capture(_ tool: String, _ words: [String]) -> Act? {
        let options = Options(
            words, flags: ["-n", "-nn", "-U", "-q", "-p"],
            valued: ["-i", "--interface", "-w", "-s", "-c", "-r", "-Y", "-o"])
        if tool == "tshark", let file = options.value("-r") {
            let keylog = options.value("-o").flatMap {
                $0.hasPrefix("tls.keylog_file:") ? String($0.dropFirst(16)) : nil
            }
            return .decrypt(file: file, keylog: keylog, filter: options.value("-Y"))
        }
        guard options.unknown == nil, let file = options.value("-w"), options.operands.isEmpty else { return nil }
        let interfaces = options.value("-i", "--interface").map { $0 == "any" ? ["lo", "eth0"] : [$0] }
        return .capture(interfaces: interfaces ?? ["eth0"], file: file)
    }

    static func decrypt(_ words: [String]) -> Act? {
        let options = Options(words, flags: [], valued: ["--keylog", "-Y", "-T", "-e", "-o"])
        guard options.unknown == nil, options.operands.count == 1 else { return nil }
        return .decrypt(file: options.operands[0], keylog: options.value("--keylog"), filter: options.value("-Y"))
    }

    static func trust(_ words: [String]) -> Act? {
        guard words.count >= 2, words[0] == "install", !words[1].hasPrefix("-") else { return .nothing }
        return .trust(file: words[1])
    }
}
