extension StarExplanation {
    /// Why probes were not answered, from what the others met with; a second try is the last row of its hop.
    ///
    /// - Parameter rows: by hop, then by probe.
    static func explain(_ rows: [HopRow], reached: Bool) -> (rows: [HopRow], stars: [StarExplanation]) {
        var rows = rows
        var stars: [StarExplanation] = []
        let last = rows.last { $0.outcome != .timeout && $0.outcome != .notSent }?.timeToLive ?? 0
        var next = 0
        while next < rows.count {
            let hop = rows[next].timeToLive
            let start = next
            while next < rows.count, rows[next].timeToLive == hop { next += 1 }
            let places = start..<next
            let missing = places.filter { rows[$0].outcome == .timeout }
            guard !missing.isEmpty else { continue }
            let answered = places.filter { rows[$0].outcome != .timeout && rows[$0].outcome != .notSent }
            let explanation = StarExplanation(
                hop, count: places.count, answered: answered.map { rows[$0].probe },
                missing: missing.map { rows[$0].probe }, last: last)
            for place in missing { rows[place].star = explanation.reason }
            stars.append(explanation)
        }
        return (rows, stars)
    }

    private init(_ hop: Int, count: Int, answered: [Int], missing: [Int], last: Int) {
        timeToLive = hop
        if let latest = answered.max(), let first = missing.min() {
            if latest > first {
                reason = .lost
                evidence =
                    "\(missing.count) of \(count) probes had no answer, though a later one had: they or their answers were lost"
            } else {
                reason = .rateLimited
                evidence =
                    "the first \(answered.count) of \(count) probes were answered, the rest and a second try were not: this router limits its reports"
            }
        } else if hop < last {
            reason = .silent
            evidence =
                "none of \(count) probes was answered, though hops behind were: this router forwards and says nothing"
        } else {
            reason = .filtered
            evidence =
                "nobody from here on answered: probes or answers are dropped, or nobody has the target's address"
        }
    }
}
