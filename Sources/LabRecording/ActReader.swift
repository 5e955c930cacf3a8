/// Recognises what command lines did, one after the other: later lines see what earlier ones exported.
package struct ActReader {
    private var variables: [String: String]

    /// - Parameter variables: the environment that the shell began with.
    package init(variables: [String: String] = [:]) { self.variables = variables }

    package mutating func read(_ line: String) -> Act {
        guard let parsed = ShellLine(line, variables: variables) else { return .program(["bash", "-c", line]) }
        if parsed.words.isEmpty {
            for (name, value) in parsed.assignments { variables[name] = value }
            return .nothing
        }
        var words = parsed.words
        // A wrapper changes nothing of what is done.
        while ["sudo", "command", "time", "exec", "nohup"].contains(words.first), words.count > 1 {
            words.removeFirst()
        }
        let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
        let rest = Array(words.dropFirst())
        let environment = Dictionary(parsed.assignments.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let act = read(name, rest, environment)
        if let act { return act }
        let assigned = parsed.assignments.isEmpty ? [] : ["env"] + parsed.assignments.map { "\($0.name)=\($0.value)" }
        return .program(assigned + words)
    }

    private mutating func read(_ name: String, _ words: [String], _ environment: [String: String]) -> Act? {
        let keylog = environment["SSLKEYLOGFILE"]
        switch name {
        case "curl": return WebActs.curl(words, keylog: keylog)
        case "wget": return WebActs.wget(words)
        case "ping", "ping4", "ping6": return ProbeActs.ping(name, words)
        case "traceroute", "tracepath", "mtr", "traceroute6": return ProbeActs.trace(name, words)
        case "dig", "host", "getent", "nslookup": return ProbeActs.resolve(name, words)
        case "mitmproxy", "mitmdump", "mitmweb":
            return ServiceActs.proxy(words, standard: 8080, keylog: keylog ?? variables["SSLKEYLOGFILE"])
        case "tcpdump", "dumpcap", "tshark": return ServiceActs.capture(name, words)
        case "lab": return lab(words, keylog: keylog)
        case "export": return export(words)
        case "unset": return unset(words)
        case "kill", "pkill", "killall": return .stop
        case "cd", "ls", "pwd", "cat", "less", "head", "tail", "echo", "history", "clear", "exit", "logout", "sleep",
            "wait",
            "fg", "bg", "jobs", "true", "man", "which", "type", "env", "printenv", "set", "alias", "mkdir", "rm", "cp",
            "mv",
            "vi", "vim", "nano", "date", "id", "whoami", "hostname", "source", ".":
            return .nothing
        default: return nil
        }
    }

    private func lab(_ words: [String], keylog: String?) -> Act? {
        guard let command = words.first else { return .nothing }
        let rest = Array(words.dropFirst())
        switch command {
        case "ping": return ProbeActs.ping("ping", rest)
        case "traceroute": return ProbeActs.trace("lab", rest)
        case "proxy": return ServiceActs.proxy(rest, standard: 9000, keylog: keylog ?? variables["SSLKEYLOGFILE"])
        case "capture": return ServiceActs.capture("lab", rest)
        case "decrypt": return ServiceActs.decrypt(rest)
        case "trust": return ServiceActs.trust(rest)
        default: return .nothing
        }
    }

    private mutating func export(_ words: [String]) -> Act {
        var http: String?
        var https: String?
        for word in words {
            guard let equals = word.firstIndex(of: "=") else { continue }
            let name = String(word[..<equals])
            let value = String(word[word.index(after: equals)...])
            variables[name] = value
            switch name.lowercased() {
            case "http_proxy": http = WebActs.endpoint(value)
            case "https_proxy": https = WebActs.endpoint(value)
            case "all_proxy": (http, https) = (WebActs.endpoint(value), WebActs.endpoint(value))
            default: break
            }
        }
        return http == nil && https == nil ? .nothing : .setting(http: http, https: https)
    }

    private mutating func unset(_ words: [String]) -> Act {
        for word in words { variables[word] = nil }
        let names = Set(words.map { $0.lowercased() })
        let http = names.contains("http_proxy") ? "none" : nil
        let https = names.contains("https_proxy") ? "none" : nil
        return http == nil && https == nil ? .nothing : .setting(http: http, https: https)
    }
}
