/// How the conditions of a link decide, each from draws of the packet alone.
///
/// Only operations that IEEE 754 defines exactly are used, so that every machine decides alike.
extension LinkConditions {
    func loses(_ packet: PacketIdentity, on lane: UInt64) -> Bool {
        switch loss {
        case nil: false
        case .random(let share): share.happens(at: packet.draw(.loss, on: lane))
        case .bursts(let channel):
            (channel.isBad(for: packet, on: lane) ? channel.bad : channel.good)
                .happens(at: packet.draw(.loss, on: lane))
        }
    }

    /// What jitter and reordering add to the delay; may be negative.
    func delayChange(_ packet: PacketIdentity, on lane: UInt64) -> Int64 {
        var change: Int64 = 0
        if let jitter { change = jitter.draw(packet, on: lane) }
        if let reordering, reordering.share.happens(at: packet.draw(.reordering, on: lane)) {
            change = change.addingReportingOverflow(reordering.hold).partialValue
        }
        return change
    }
}

extension LinkConditions.GilbertElliott {
    /// Beyond this many packets back the past is not asked, and the channel is taken as it is on average.
    private static let memory: UInt64 = 1 << 16

    /// The state that the packet finds.
    ///
    /// One draw u a packet moves the channel: it turns bad at u < enter, good at u ≥ 1 − leave. While enter ≤ 1 − leave either
    /// happens whatever the state before, so that the last such draw tells the state: no history is kept, and packets may
    /// come in any order. Where the two overlap, a draw within both turns the state over.
    func isBad(for packet: PacketIdentity, on lane: UInt64) -> Bool {
        var turned = false
        var ordinal = packet.ordinal
        let end = ordinal > Self.memory ? ordinal - Self.memory : 0
        while ordinal > end {
            // The draw of a packet moves the channel behind it.
            ordinal -= 1
            let draw = packet.draw(.channel, on: lane, ordinal: ordinal)
            let turnsBad = enter.happens(at: draw)
            let turnsGood = !(1 - leave).happens(at: draw)
            switch (turnsBad, turnsGood) {
            case (true, true): turned.toggle()
            case (true, false): return !turned
            case (false, true): return turned
            case (false, false): break
            }
        }
        let share = enter + leave > 0 ? enter / (enter + leave) : 0
        return share.happens(at: packet.draw(.channelStart, on: lane, ordinal: end)) != turned
    }
}

extension LinkConditions.Jitter {
    func draw(_ packet: PacketIdentity, on lane: UInt64) -> Int64 {
        let first = packet.draw(.jitter, on: lane)
        let unit: Double
        switch distribution {
        case .uniform: unit = Double(first >> 11) * 0x1p-52 - 1
        case .normal:
            // Twelve numbers from 0 to 1 sum up to mean 6 and variance 1.
            let words = [first, packet.draw(.jitterMore, on: lane), packet.draw(.jitterMost, on: lane)]
            let sum = words.reduce(UInt64(0)) { sum, word in
                sum + (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + word >> 48
            }
            unit = (Double(sum) + 6) / 65536 - 6
        case .pareto:
            // x = u^(−1/3) has mean 3/2 and variance 3/4.
            let u = (Double(first >> 11) + 1) * 0x1p-53
            unit = (Self.inverseCubeRoot(max(u, 1e-6)) - 1.5) / 0.75.squareRoot()
        }
        let change = unit * Double(deviation)
        return change.magnitude < 9e18 ? Int64(change) : Int64.max
    }

    /// Newton's iteration for x³ = 1/u, for u from 1e-6 to 1.
    private static func inverseCubeRoot(_ u: Double) -> Double {
        var x = 1.0
        while x * x * x * u < 0.125 { x *= 2 }
        for _ in 0..<12 { x = x * (4 - u * x * x * x) / 3 }
        return x
    }
}
