import Foundation
import Wire

/// What the tools print, taken apart.
enum PeerOutput {
    /// One line of traceroute: `3  198.18.2.2 <MPLS:L=16,E=0,S=1,T=1>  0.6 ms !X F=1400`.
    struct Hop: Equatable {
        var timeToLive: Int
        /// Nil: a star.
        var address: String?
        /// What stands in angle brackets, when anything does.
        var extensions: String?
        /// `!X`, `!N` …; empty without one.
        var annotation = ""
        /// Behind `F=`.
        var mtu: Int?
    }

    /// One probe for each hop, addresses only.
    static func traceroute(_ output: String) -> [Hop] {
        output.lines.compactMap { line in
            let words = line.words
            guard words.count > 1, let number = Int(words[0]) else { return nil }
            var hop = Hop(timeToLive: number, address: words[1] == "*" ? nil : String(words[1]))
            for word in words.dropFirst(2) {
                if word.hasPrefix("<") { hop.extensions = String(word.dropFirst().dropLast()) }
                if word.hasPrefix("!") { hop.annotation = String(word) }
                if word.hasPrefix("F=") { hop.mtu = Int(word.dropFirst(2)) }
            }
            return hop
        }
    }

    /// The hops of `mtr --json`, nil for those that never answered.
    static func mtr(_ output: String) throws -> [String?] {
        try hubs(output).map { hub in (hub["host"] as? String).flatMap { $0 == "???" ? nil : $0 } }
    }

    /// How many probes of `mtr --json` went to its last hop, and how many of them were lost.
    static func mtrLoss(_ output: String) throws -> [Int] {
        guard let last = try hubs(output).last, let sent = last["Snt"] as? NSNumber,
            let share = last["Loss%"] as? NSNumber
        else { return [] }
        return [sent.intValue, Int((sent.doubleValue * share.doubleValue / 100).rounded())]
    }

    private static func hubs(_ output: String) throws -> [[String: Any]] {
        let whole = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return (whole?["report"] as? [String: Any])?["hubs"] as? [[String: Any]] ?? []
    }

    /// The labels of `mtr --raw`, by hop: lines `m HOP LABEL CLASS BOTTOM TTL`, hops counted from 0.
    static func mtrLabels(_ output: String) -> [Int: [UInt32]] {
        var labels: [Int: Set<UInt32>] = [:]
        for words in output.lines.map(\.words) where words.first == "m" && words.count > 2 {
            guard let hop = Int(words[1]), let label = UInt32(words[2]) else { continue }
            labels[hop + 1, default: []].insert(label)
        }
        return labels.mapValues { $0.sorted() }
    }

    /// tracepath's hops, the last line of each; where the MTU shrank and to what; and its closing line.
    struct Path: Equatable {
        var hops: [Int: String] = [:]
        var marks: [String] = []
        var closing = ""
    }

    static func tracepath(_ output: String) -> Path {
        var path = Path()
        for line in output.lines {
            let words = line.words
            if words.first == "Resume:" {
                path.closing = words.dropFirst().prefix(2).joined(separator: " ")
                continue
            }
            // A question mark stands where the distance was guessed.
            guard words.count > 1, let number = Int(words[0].filter(\.isNumber)) else { continue }
            if words[1] != "no", words[1] != "[LOCALHOST]" { path.hops[number] = String(words[1]) }
            if let place = words.firstIndex(of: "pmtu"), place + 1 < words.count {
                path.marks.append("\(words[1]) \(words[place + 1])")
            }
        }
        return path
    }

    /// Which of the requests `1...` a ping of iputils had no reply to, and which it had more than one to.
    static func ping(_ output: String, count: Int) -> (lost: Set<Int>, doubled: Set<Int>) {
        let replies = output.lines.filter { $0.contains("bytes from") }
        func numbers(_ lines: [Substring]) -> Set<Int> {
            Set(lines.compactMap { $0.words.first { $0.hasPrefix("icmp_seq=") }.flatMap { Int($0.dropFirst(9)) } })
        }
        return (
            Set(1...count).subtracting(numbers(replies)), numbers(replies.filter { $0.contains("(DUP!)") })
        )
    }

    /// Which requests `1...` fping -C had no reply to: its last line has a time or a dash for each.
    static func fping(_ output: String) -> Set<Int> {
        let values = output.lines.last.map { Array($0.words.dropFirst(2)) } ?? []
        return Set(values.indices.filter { values[$0] == "-" }.map { $0 + 1 })
    }
}
