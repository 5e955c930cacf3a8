import Foundation
import LabTestSupport
import SupportLinux
import Testing

/// Programs that did not come from us, unmodified, on a host of a world.
@Suite("Programs in lab shell", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ShellToolTests {
    struct Tool: Sendable, CustomTestStringConvertible {
        let name: String
        /// What bash is to do; it ends with status 0 when the tool has done its work.
        let script: String
        let says: String

        var isThere: Bool { RealTool.exists(name) }
        var testDescription: String { name }
    }

    /// A reply that comes too late for a tool's patience is one on a busy machine: what has it asks again.
    private static func patiently(_ command: String, _ word: String) -> String {
        "for try in 1 2 3 4 5 6 7 8; do if \(command) >out.txt 2>&1 && grep -qF '\(word)' out.txt; then break; fi; done; cat out.txt"
    }

    static let tools = [
        Tool(name: "curl", script: "curl -sS https://www.example.test/", says: "Welcome to the example shop"),
        Tool(
            name: "ping", script: patiently("ping -c 1 -W 60 www.example.test", "1 received"),
            says: "64 bytes from www.example.test (203.0.113.80)"),
        Tool(
            name: "traceroute", script: patiently("traceroute -n -w 60 -q 1 www.example.test", " 9  203.0.113.80"),
            says: " 8  198.18.0.8"),
        Tool(
            name: "mtr", script: patiently("mtr -n -r -c 1 -G 1 www.example.test", "9.|-- 203.0.113.80"),
            says: "1.|-- 198.18.0.1"),
        Tool(name: "dig", script: patiently("dig +short www.example.test", "203.0.113.80"), says: "203.0.113.80"),
        Tool(
            name: "python3",
            script: """
                PATH=/usr/bin:$PATH python3 -c '
                import socket, urllib.request
                print("raw", socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).type)
                print(urllib.request.urlopen("http://mitm.it/").read().decode())'
                """, says: "not passing through"),
        // It listens some time after it was started: pings until it has what it wants.
        Tool(
            name: "tcpdump",
            script: """
                tcpdump -n -c 2 -i eth0 -w wire.pcap icmp 2>log.txt & dump=$!
                while kill -0 $dump 2>/dev/null; do lab ping -c 1 -n 198.51.100.1 >/dev/null; done
                wait $dump || cat log.txt
                tcpdump -n -r wire.pcap 2>/dev/null
                """, says: "198.51.100.10 > 198.51.100.1: ICMP echo request"),
    ]

    static let installed = tools.filter(\.isThere)
    static let missing = tools.filter { !$0.isThere }.map(\.name).joined(separator: ", ")

    @Test("all the programs are installed", .enabled(if: missing.isEmpty, "not installed: \(missing)"))
    func all() { #expect(Self.installed.count == Self.tools.count) }

    @Test("a program works as it is", arguments: installed)
    func works(tool: Tool) async throws {
        let folder = TemporaryFolder()
        chmod(folder.path, 0o777)
        // In the home, which is the program's own whoever it runs as.
        let outcome = try await BuiltLab.run(
            ["shell", Repository.root + "/Labs/week2.yml", "laptop"], in: folder.path,
            environment: ["TMPDIR": folder.path], input: Array("cd\n\(tool.script)\n".utf8))
        #expect(outcome.status == 0 && outcome.output.contains(tool.says), "\(outcome.output)\(outcome.errors)")
    }

    private static let user = ["--reuid=4321", "--regid=4321", "--clear-groups"]

    /// Whether an ordinary user can run the program that was built, and has worlds.
    private static func ordinaryUserHasWorlds() async -> Bool {
        guard OwnProcess.isRoot, let become = RealTool("setpriv"), let lab = BuiltLab.tool else { return false }
        return (try? await become.run(user + [lab.path, "doctor"], folder: "/"))?.status == 0
    }

    @Test(
        "the same programs work for an ordinary user",
        .enabled("needs root, to become an ordinary user who can reach what was built") {
            await ordinaryUserHasWorlds()
        }, arguments: installed)
    func ordinary(tool: Tool) async throws {
        let folder = TemporaryFolder()
        chmod(folder.path, 0o777)
        let become = try #require(RealTool("setpriv"))
        let lab = try #require(BuiltLab.tool)
        let outcome = try await BuiltLab.alone {
            try await become.run(
                Self.user + [lab.path, "shell", Repository.root + "/Labs/week2.yml", "laptop"],
                environment: ["TMPDIR": folder.path, "NO_COLOR": "1"],
                removing: RealTool.proxyVariables + ["LAB_PATH", "LAB_HOME", "LAB_LANG"],
                input: Array("cd\nid -u\n\(tool.script)\n".utf8), folder: folder.path)
        }
        #expect(outcome.status == 0 && outcome.output.contains(tool.says), "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.hasPrefix("4321\n"))
    }
}
