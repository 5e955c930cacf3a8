import Foundation
import LabTestSupport
import Testing

@Suite("lab shell", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ShellTests {
    private static let week2 = Repository.root + "/Labs/week2.yml"
    private let folder = TemporaryFolder()

    private func shell(
        _ host: String?, _ command: [String], options: [String] = [], lab: String = week2, input: String = ""
    ) async throws -> RealTool.Outcome {
        let arguments = ["shell", lab] + (host.map { [$0] } ?? []) + ["--student", "ada"] + options
        return try await BuiltLab.run(
            arguments + (command.isEmpty ? [] : ["--"] + command), in: folder.path,
            environment: ["TMPDIR": folder.path],
            input: Array(input.utf8))
    }

    /// What is left in the temporary folder.
    private var left: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.filter { $0.hasPrefix("lab-") } ?? []
    }

    init() { chmod(folder.path, 0o755) }

    @Test("a command runs on the host that was named, and its exit status is that of lab")
    func statuses() async throws {
        let named = try await shell("relay", ["sh", "-c", "hostname; exit 7"])
        #expect(named.output == "relay\n" && named.status == 7, "\(named.errors)")
        let killed = try await shell("laptop", ["sh", "-c", "kill -9 $$"])
        #expect(killed.status == 137)
        let missing = try await shell("laptop", ["no-such-program"])
        #expect(missing.status == 127)
        #expect(missing.errors == "lab: `no-such-program` was not found\n")
        #expect(left == [])
    }

    @Test("commands come from standard input where there is no terminal")
    func script() async throws {
        let outcome = try await shell(
            "laptop", [], input: "read line <<< word\necho \"$line\"\nhostname\nexit 3\n")
        #expect(outcome.output == "word\nlaptop\n")
        #expect(outcome.status == 3, "\(outcome.errors)")
    }

    @Test("a home of its own, nothing of the machine's settings, and the folder that lab was called in")
    func surroundings() async throws {
        let outcome = try await BuiltLab.run(
            ["shell", Self.week2, "laptop", "--", "sh", "-c", "pwd; echo $HOME; env; command -v lab"], in: folder.path,
            environment: ["TMPDIR": folder.path, "MY_SECRET": "do-not-tell", "https_proxy": "http://192.0.2.99:1"])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == folder.path)
        #expect(lines.dropFirst().first?.hasPrefix(folder.path + "/lab-shell-") == true)
        #expect(lines.last?.hasSuffix("/lab") == true)
        #expect(!outcome.output.contains("do-not-tell") && !outcome.output.contains("192.0.2.99"))
        #expect(left == [])
    }

    private static let hasChromium = FileManager.default.fileExists(atPath: "/etc/chromium")

    @Test("Chromium is told of the root that the world's sites have", .enabled(if: hasChromium, "needs Chromium"))
    func browserTrust() async throws {
        let policy = "/etc/chromium/policies/managed/lab-world.json"
        let outcome = try await shell(
            "laptop", ["sh", "-c", "cat \(policy); grep -v CERT /etc/ssl/certs/ca-certificates.crt | tr -d '\\n'"])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 2, "\(outcome.errors)")
        #expect(lines[0] == "{\"CACertificates\": [\"\(lines[1])\"]}")
        #expect(!FileManager.default.fileExists(atPath: policy))
    }

    @Test("the values of a student, a setting and a seed decide the world")
    func drawn() async throws {
        let lab = Repository.root + "/Labs/icmp.yml"
        func address(_ options: [String]) async throws -> String {
            let arguments = ["shell", lab] + options + ["--", "getent", "ahostsv4", "gateway.net.example"]
            let outcome = try await BuiltLab.run(arguments, in: folder.path, environment: ["TMPDIR": folder.path])
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output
        }
        // The only host that runs programs need not be named.
        #expect(try await address([]).contains("198.18.0.1"))
        let set = try await BuiltLab.run(
            [
                "shell", lab, "--student", "ada", "--set", "site=mine.example.test", "--", "getent", "ahostsv4",
                "mine.example.test",
            ], in: folder.path, environment: ["TMPDIR": folder.path])
        #expect(set.status == 0 && set.output.hasPrefix("203.0.113."), "\(set.output)\(set.errors)")
    }

    @Test("what cannot be is said before a world is built")
    func mistakes() async throws {
        for (host, options, said) in [
            (nil, [], "several hosts: `laptop`, `relay`, `www`"),
            ("laptpo", [], "has no host `laptpo`; did you mean `laptop`?"), ("printer", [], "`printer` is virtual"),
            ("r1", [], "`r1` is no host"), ("laptop", ["--expose", "x"], "--expose takes PORT"),
            ("laptop", ["--expose", "0"], "--expose takes PORT"),
            ("laptop", ["--expose", "70000=laptop:1"], "--expose takes PORT"),
            ("laptop", ["--expose", "8080=nobody:1"], "has no host `nobody`"),
            ("laptop", ["--capture", "/no/such/folder/x.pcapng"], "you cannot write into its folder"),
            ("laptop", ["--capture", "r9=x.pcapng"], "no host and no link `r9`"),
            ("laptop", ["--capture", "x.pcapng", "--capture", "laptop=y.pcapng"], "a place or a file twice"),
        ] as [(String?, [String], String)] {
            let outcome = try await shell(host, ["true"], options: options)
            #expect(outcome.status == 64 && outcome.errors.contains(said), "\(outcome.errors)")
        }
        folder.write(Array(AskingLab.text.utf8), to: "asking.yml")
        let worldless = try await shell("laptop", ["true"], lab: "asking.yml")
        #expect(worldless.status == 64 && worldless.errors.contains("has no world"))
    }

    @Test("a capture is whole when the command has ended, and nothing else is left")
    func captures() async throws {
        let outcome = try await shell(
            "laptop", ["lab", "ping", "-c", "3", "-i", "0.2", "-W", "300", "relay.example.test"],
            options: ["--capture", "mine.pcapng", "--capture", "relay=far.pcapng", "--capture", "r2-r1=way.pcapng"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        for file in ["mine.pcapng", "far.pcapng", "way.pcapng"] {
            let read = try await BuiltLab.run(
                ["decrypt", folder.path + "/" + file, "-Y", "icmp.type == 8", "-T", "fields", "-e", "ip.src"], in: "/")
            #expect(read.output == String(repeating: "198.51.100.10\n", count: 3), "\(file): \(read.errors)")
        }
        // On the way one router is behind it, and both directions have names.
        let hops = try await BuiltLab.run(
            ["decrypt", folder.path + "/way.pcapng", "-Y", "icmp", "-T", "fields", "-e", "ip.ttl", "-e", "icmp.type"],
            in: "/")
        // A network that stood still for a while may answer the first request after the last was sent.
        let seen = hops.output.split(separator: "\n").sorted()
        #expect(seen == ["63\t0", "63\t0", "63\t0", "63\t8", "63\t8", "63\t8"], "\(hops.errors)")
        #expect(left == [])
    }
}
