import LabModel
import LabSteps
import LabTestSupport
import Testing

@Suite("Rows and words about packets that came to grief")
struct FateTests {
    private static func fate(
        _ node: String, _ reason: String, report: String = "none", ttl: Int = 64, host: String = "laptop",
        source: String = "198.51.100.10", destination: String = "203.0.113.80", isAnswer: Bool = false,
        _ more: String = "", place: String? = nil
    ) -> String {
        let fate =
            #"{"host":"\#(host)","source":"\#(source)","destination":"\#(destination)","timeToLive":\#(ttl),"#
            + #""isAnswer":\#(isAnswer),"node":"\#(node)","reason":"\#(reason)","report":"\#(report)"\#(more)}"#
        return #"{"fate":\#(fate)"# + (place.map { #","place":"\#($0)""# } ?? "") + "}"
    }

    private static func rows(_ hops: ClosedRange<Int>) -> String {
        hops.flatMap { hop in (1...3).map { #"{"ttl":\#(hop),"probe":\#($0),"outcome":"timeout"}"# } }
            .joined(separator: ",")
    }

    private func trace(_ fates: [String], hops: ClosedRange<Int> = 4...5) throws -> Derived {
        try Artefacts(
            "traceroute",
            [
                "step/traceroute.json": #"{"target":"www","address":"203.0.113.80","mode":"raw-icmp","flows":"one","#
                    + #""max_hops":30,"method":"icmp","path":[],"size":60,"stars":[],"reached":false,"#
                    + #""rows":[\#(Self.rows(hops))]}"#,
                "step/network.json": "[\(fates.joined(separator: ","))]",
            ]
        ).derived
    }

    @Test("a star is explained by its TTL, equal ones together, other people's left out")
    func trace() throws {
        let silent = Self.fate("r4", "expired", report: "silent", ttl: 4)
        let derived = try trace([
            silent, Self.fate("r9", "lost", host: "phone"), silent,
            Self.fate("r2", "lost", ttl: 4, isAnswer: true, #","link":"r2-r1""#),
            Self.fate("r1", "expired", report: "silent", ttl: 1, destination: "203.0.113.81"),
            Self.fate(
                "r3", "filtered", report: "made", ttl: 5, #","rule":1"#, place: "lab.yml:18"),
            // Beyond the target, and too large on purpose.
            Self.fate("r3", "lost", ttl: 9),
            Self.fate("r3", "too-big", report: "made", ttl: 5, #","mtu":1300"#),
        ])
        #expect(
            derived.story == [
                "TTL 4, 2 of 3 probes: its TTL was used up at r4, and r4 is silent about everything",
                "TTL 4, 1 answer: lost on the link r2-r1",
                "TTL 5, 1 of 3 probes: r3 stopped it by rule 2 of its firewall (lab.yml:18), and r3 said so",
            ])
        #expect(
            derived.tables.values("fate", "lab.fate.ttl", "lab.fate.node", "lab.fate.reason", "lab.fate.way") == [
                ["4", "r4", "expired", "there"], ["4", "r4", "expired", "there"], ["4", "r2", "lost", "back"],
                ["5", "r3", "filtered", "there"], ["9", "r3", "lost", "there"], ["5", "r3", "too-big", "there"],
            ])
        #expect(
            derived.tables.values("fate", "lab.fate.rule", "lab.fate.place", "lab.fate.mtu", "lab.fate.link").dropFirst(
                2)
                == [
                    ["-", "-", "-", "r2-r1"], ["2", "lab.yml:18", "-", "-"], ["-", "-", "-", "-"],
                    ["-", "-", "1300", "-"],
                ])
    }

    @Test("what nobody can read in full is cut, and a damaged file tells nothing")
    func bounds() throws {
        let story = try trace(
            (1...100).map { Self.fate("r\($0)", "expired", report: "silent", ttl: $0) }, hops: 1...100
        )
        .story
        #expect(story.count == 13)
        #expect(story.last == "and 88 more of the kind")
        #expect(try trace(["nonsense"]).story.isEmpty)
    }
}
