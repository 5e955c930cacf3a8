import LabModel
import Testing

@Suite("What routers and links did is told where it gives nothing away")
struct StoryTests {
    private func notes(check: String = "", more: String = "") throws -> [String] {
        let lab = """
            format: 1
            lab: mini
            title: Mini
            steps:
            - id: far
              title: Ping somebody
              ping: 203.0.113.80
              expect:
                answered: { is: lab.ping.received >= 1\(check) }
                dropped: lab.fate.reason == filtered and lab.fate.rule == 2
            \(more)
            """
        let fate =
            #"{"host":"","source":"198.51.100.10","destination":"203.0.113.80","timeToLive":64,"isAnswer":false,"#
            + #""node":"r4","reason":"filtered","report":"none","rule":1}"#
        let run = try HandMadeRun(
            [.init(id: "far")],
            evidence: [
                "far/ping.json": """
                {"address":"203.0.113.80","mode":"datagram-icmp","rows":[{"outcome":"timeout","sent_ns":1,"sequence":1}],\
                "size":56,"target":"far","strays":[],"summary":{"corrupted":0,"duplicates":0,"errors":0,"foreign":0,\
                "late":0,"longest_loss":1,"loss_percent":100,"loss_runs":1,"received":0,"reordered":0,"sent":1}}
                """, "far/network.json": #"[{"fate":\#(fate),"place":"mini.yml:12"}]"#,
            ], lab: lab)
        // The rows are there for questions, whoever may be told.
        #expect(try run.judge()["far.dropped"]?.verdict == .passed)
        return try #require(try run.notes()["far"])
    }

    @Test("a report tells which rule stopped a packet, and where that stands")
    func told() throws {
        #expect(try notes() == ["1 of 1 request: r4 stopped it by rule 2 of its firewall (mini.yml:12)"])
    }

    @Test("nothing is told of a step with a check that is hidden or told later, nor in a lab that asks")
    func kept() throws {
        #expect(try notes(check: ", visibility: hidden").isEmpty)
        #expect(try notes(check: ", visibility: after-run").isEmpty)
        let question = """
            - id: who
              title: Who stops it?
              ask: { question: Who stops it? }
            """
        #expect(try notes(more: question).isEmpty)
    }
}
