import LabModel
import SupportQuestions

/// Turns a walk into the steps of a draft.
struct Drafter {
    private let walk: Walk
    private let surroundings: Surroundings
    private(set) var steps: [DraftStep] = []
    /// What goes on in the background, latest last: the step that began it.
    private var running: [(id: String, isProxy: Bool, endpoint: String, file: String)] = []
    /// Steps by the files that they left.
    private var files: [String: String] = [:]
    private var keylogs: [String: String] = [:]

    init(_ walk: Walk, _ surroundings: Surroundings) {
        self.walk = walk
        self.surroundings = surroundings
        var reader = ActReader(variables: walk.environment)
        for command in walk.commands { take(reader.read(command.line), command) }
        while !running.isEmpty { stop(typed: "") }
    }

    private mutating func take(_ act: Act, _ command: RecordedCommand) {
        switch act {
        case .request(let request): take(request, command)
        case .ping(let target, let count, let family): ping(target, count, family, command)
        case .trace(let target, let method, let family): trace(target, method, family, command)
        case .resolve(let lookup): resolve(lookup, command)
        case .proxy(let port, let address, let keylog): proxy(port, address, keylog, command)
        case .setting(let http, let https): setting(http, https, command)
        case .trust(let file): trust(file, command)
        case .capture(let interfaces, let file): capture(interfaces, file, command)
        case .decrypt(let file, let keylog, let filter): decrypt(file, keylog, filter, command)
        // A `kill` that failed ended nothing.
        case .stop: if command.status == 0 { stop(typed: command.line) }
        case .program(let words): program(words, command)
        case .nothing: break
        }
    }

    private mutating func add(
        _ base: String, _ title: String, _ kind: String, _ fields: [(String, DraftStep.Field)],
        _ command: RecordedCommand
    ) {
        var id = base
        var number = 2
        while steps.contains(where: { $0.id == id }) || surroundings.references[id] != nil {
            id = "\(base)-\(number)"
            number += 1
        }
        let tool =
            command.line.split(whereSeparator: \.isWhitespace).first { !$0.contains("=") }.map(String.init) ?? "shell"
        steps.append(
            DraftStep(
                id: id, title: title, kind: kind, fields: fields.map { (name: $0.0, value: $0.1) },
                tool: tool.split(separator: "/").last.map(String.init) ?? tool,
                typed: surroundings.retyped(command.line)))
    }

    private mutating func check(_ name: String, _ question: String) {
        guard !steps.isEmpty else { return }
        steps[steps.count - 1].checks.append((name, question))
    }

    private mutating func volatile(_ text: String) { steps[steps.count - 1].volatile.append(text) }
    private mutating func remark(_ text: String) { steps[steps.count - 1].remarks.append(text) }

    // MARK: The web

    private mutating func take(_ request: Act.Request, _ command: RecordedCommand) {
        var fields: [(String, DraftStep.Field)] = [("url", .text(surroundings.named(request.url)))]
        let proxy = request.via.flatMap { via in running.last { $0.isProxy && $0.endpoint == via } }
        if let proxy {
            fields.append(("via", .reference(proxy.id)))
        } else if let via = request.via {
            fields.append(("via", .text(via)))
        }
        if let version = request.version { fields.append(("version", .text(version))) }
        if request.family != "any" { fields.append(("family", .text(request.family))) }
        if let method = request.method, method != "GET" { fields.append(("method", .text(method))) }
        if let save = request.save { fields.append(("save", .text(save))) }
        let host = Self.host(of: request.url)
        add("visit", "Visit \(surroundings.named(host))", "request", fields, command)
        if let save = request.save { files[save] = steps[steps.count - 1].id }
        let seen = walk.exchange(during: command, host: host)
        judge(request, seen, proxy?.id, command)
    }

    private mutating func judge(
        _ request: Act.Request, _ seen: SeenExchange?, _ proxy: String?, _ command: RecordedCommand
    ) {
        let via = proxy.map { " and lab.http.proxy == $\($0)" } ?? ""
        // curl's 60 and wget's 5: the certificate was refused.
        let isRefused = command.status == 60 || (steps.last?.tool == "wget" && command.status == 5)
        if isRefused { return check("refused", "lab.http.error == \"certificate-untrusted\"\(via)") }
        guard let seen, let code = seen.code else {
            check(
                command.status == 0 ? "answered" : "failed",
                command.status == 0 ? "lab.http.code < 400" : "lab.http.error")
            return remark("what the wire showed could not be read, so the page itself is not asked for")
        }
        check("answered", "lab.http.code == \(code)\(via)")
        let values = surroundings.drawn
        let text = String(decoding: seen.body.prefix(1 << 16), as: UTF8.self)
        for (name, value) in values where text.contains(value) && !value.contains(".") {
            check(name, "lab.http.body contains $\(name)")
        }
        if let phrase = StableWords.phrase(in: seen.body, avoiding: values.map(\.value)) {
            check("page", "lab.http.body contains \"\(phrase)\"")
        }
        if request.url.hasPrefix("https://"), command.status == 0 {
            check("root", "lab.tls.root.sha256 == \(proxy.map { "$\($0).ca.sha256" } ?? "$world.roots.sha256")")
        }
        volatile("dates, ports and the length of the page (\(seen.body.count) bytes here) may differ")
    }

    private static func host(of url: String) -> String {
        let rest = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        let authority = rest.count > 1 ? rest[1] : rest.first ?? ""
        return String(authority.prefix { $0 != ":" && $0 != "?" && $0 != "#" })
    }

    // MARK: Probes

    private mutating func ping(_ target: String, _ count: Int?, _ family: String, _ command: RecordedCommand) {
        let isSix = family == "ipv6" || target.contains(":")
        let type = isSix ? "icmpv6.type" : "icmp.type"
        let source = isSix ? "ipv6.src" : "ip.src"
        let replies = walk.values(of: source, during: command, where: [(type, .unsigned(isSix ? 129 : 0))])
        let requests = walk.values(of: source, during: command, where: [(type, .unsigned(isSix ? 128 : 8))])
        let sent = min(10, max(1, count ?? requests.count))
        var fields: [(String, DraftStep.Field)] = [("to", .text(surroundings.named(target))), ("count", .number(sent))]
        if family != "any" { fields.append(("family", .text(family))) }
        add("ping", "Ping \(surroundings.named(target))", "ping", fields, command)
        if let from = replies.last {
            check(
                "answers",
                "lab.ping.received == \(min(sent, replies.count)) and lab.ping.address == \(surroundings.address(from.text))"
            )
            volatile("round-trip times; ask for `lab.ping.max < 500ms` where they matter")
        } else {
            check("silent", "lab.ping.sent == \(sent) and lab.ping.received == 0")
            remark("silence means something only beside a host that does answer: give it a `forbid` with a control")
        }
    }

    private mutating func trace(_ target: String, _ method: String, _ family: String, _ command: RecordedCommand) {
        var fields: [(String, DraftStep.Field)] = [
            ("to", .text(surroundings.named(target))), ("protocol", .text(method)),
        ]
        if family != "any" { fields.append(("family", .text(family))) }
        add("trace", "Trace the way to \(surroundings.named(target))", "traceroute", fields, command)
        let isSix = family == "ipv6" || target.contains(":")
        let source = isSix ? "ipv6.src" : "ip.src"
        let expired = walk.values(
            of: source, during: command, where: [(isSix ? "icmpv6.type" : "icmp.type", .unsigned(isSix ? 3 : 11))])
        let ends = walk.values(
            of: source, during: command,
            where: method == "icmp"
                ? [(isSix ? "icmpv6.type" : "icmp.type", .unsigned(isSix ? 129 : 0))]
                : [(isSix ? "icmpv6.type" : "icmp.type", .unsigned(isSix ? 1 : 3))])
        var path: [String] = []
        for address in (expired + ends.suffix(1)).map({ surroundings.node($0.text) }) where !path.contains(address) {
            path.append(address)
        }
        if ends.isEmpty {
            check("tried", "lab.trace.reached == false")
        } else {
            check("reached", "lab.trace.reached == true")
        }
        if path.count > 1, surroundings.isWhole(path) {
            check("way", "lab.trace.path == [\(path.joined(separator: ", "))]")
        } else if let first = path.first {
            check("first", "lab.hop.ttl == 1 and lab.hop.name == \"\(first)\"")
            remark("not every router answered while you watched, so the way as a whole is not asked for")
        }
        volatile("the time to each router; ask for `lab.hop.ttl == 3 and lab.hop.rtt < 500ms` where it matters")
    }

    private mutating func resolve(_ lookup: Act.Lookup, _ command: RecordedCommand) {
        guard let draft = LookupDraft(lookup, during: command, walk, surroundings) else {
            return program(["dig"], command)
        }
        add("look-up", draft.title, "resolve", draft.fields, command)
        for (name, question) in draft.checks { check(name, question) }
        volatile("the query's id and port")
    }

    // MARK: Services

    private mutating func proxy(_ port: Int, _ address: String, _ keylog: String?, _ command: RecordedCommand) {
        var fields: [(String, DraftStep.Field)] = [("listen", .number(port))]
        if address != "127.0.0.1" { fields.append(("address", .text(address))) }
        // The recording's own key log is none of the walkthrough's.
        let recorder = walk.environment["SSLKEYLOGFILE"]?.split(separator: "/").last.map(String.init)
        let keylog = keylog == recorder ? nil : keylog
        if let keylog { fields.append(("keylog", .text(keylog))) }
        add("proxy", "Start the proxy on port \(port)", "proxy", fields, command)
        let id = steps[steps.count - 1].id
        check("listening", "lab.listen.port == \(port) and lab.listen.open == true")
        running.append((id, true, "\(address):\(port)", ""))
        if let keylog { keylogs[keylog] = id }
    }

    private mutating func setting(_ http: String?, _ https: String?, _ command: RecordedCommand) {
        func field(_ value: String) -> DraftStep.Field {
            running.last { $0.isProxy && $0.endpoint == value }.map { .reference($0.id) } ?? .text(value)
        }
        let fields = [("http", http), ("https", https)].compactMap { name, value in value.map { (name, field($0)) } }
        add("setting", "Set the system's proxy", "system-proxy", fields, command)
        for (name, value) in [("http", http), ("https", https)] {
            guard let value else { continue }
            check(
                name,
                value == "none"
                    ? "lab.setting.name == \"\(name)_proxy\" and lab.setting.present == false"
                    : "lab.setting.name == \"\(name)_proxy\" and lab.setting.value contains \"\(value)\"")
        }
    }

    private mutating func trust(_ file: String, _ command: RecordedCommand) {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        guard let step = files[name] else {
            return remarkOnly(
                "`\(command.line)`: let a `request` step with `save` fetch the certificate, then trust it here")
        }
        add("trust", "Trust the certificate", "trust", [("install", .reference("\(step).file"))], command)
        check("installed", "lab.trust.installed == true")
    }

    private mutating func capture(_ interfaces: [String], _ file: String, _ command: RecordedCommand) {
        add("capture", "Capture the traffic", "capture", [("interfaces", .list(interfaces))], command)
        let id = steps[steps.count - 1].id
        for interface in interfaces {
            check("on-\(interface)", "lab.capture.interface == \"\(interface)\" and lab.capture.running == true")
        }
        running.append((id, false, "", file))
    }

    private mutating func decrypt(_ file: String, _ keylog: String?, _ filter: String?, _ command: RecordedCommand) {
        // A capture that is still going on is not complete: it ends first.
        while let last = running.last, !last.isProxy, last.file == file { stop(typed: "") }
        guard let capture = files[file] else {
            return remarkOnly("`\(command.line)`: it opens a file that no recorded capture wrote")
        }
        var fields: [(String, DraftStep.Field)] = [("capture", .reference("\(capture).file"))]
        let name = keylog?.split(separator: "/").last.map(String.init)
        if let name, let step = keylogs[name] { fields.append(("keylog", .reference("\(step).keylog"))) }
        if let filter { fields.append(("filter", .text(filter))) }
        add("decrypt", "Open the capture", "decrypt", fields, command)
        if name != nil, name.flatMap({ keylogs[$0] }) != nil {
            check("opened", "lab.tls.status == \"decrypted\"")
        } else {
            check("packets", "frame.number >= 1")
            if keylog != nil { remark("the key log comes from no recorded proxy; name the step that wrote it") }
        }
    }

    private mutating func stop(typed: String) {
        guard let last = running.popLast() else { return }
        let command = RecordedCommand(line: typed, began: 0, ended: 0, status: nil)
        let title = last.isProxy ? "Close the proxy" : "Stop the capture"
        add("stop", title, "stop", [("step", .reference(last.id))], command)
        steps[steps.count - 1].tool = typed.isEmpty ? "" : steps[steps.count - 1].tool
        if last.isProxy {
            check("ended", "lab.program.exit == 0")
        } else {
            check("packets", "frame.number >= 1")
            files[last.file] = steps[steps.count - 1].id
        }
    }

    /// How bash tells of a program that Ctrl-C ended or Ctrl-Z stopped: 128 and the signal.
    private static let putAside = [130, 148]

    private mutating func program(_ words: [String], _ command: RecordedCommand) {
        // Nobody is there to press these keys when the lab runs: the program would go on for ever.
        if let status = command.status, Self.putAside.contains(status) { return }
        add(
            "run", "Run \(command.line.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "a program")",
            "program", [("run", .list(words.map(surroundings.shielded)))],
            command)
        if let status = command.status {
            check("ended", "lab.program.exit == \(status)")
        } else {
            check("ended", "lab.program.exit")
        }
        remark("what it prints is not asked for yet: `lab.program.stdout contains \"…\"`")
    }

    private mutating func remarkOnly(_ text: String) {
        if steps.isEmpty { return }
        remark(text)
    }
}
