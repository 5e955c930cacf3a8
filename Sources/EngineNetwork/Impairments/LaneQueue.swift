/// The queue before one direction of a link with a rate: packets leave it one after the other, in the order of their coming.
struct LaneQueue: Sendable {
    /// When the last packet taken so far will have left.
    private var freeAt = Int64.min

    /// When the last bit of a packet that comes at `time` is on the link; nil where the queue has no room for it.
    mutating func accept(bytes: Int, at time: Int64, _ rate: LinkConditions.Rate) -> Int64? {
        let start = max(freeAt, time)
        let waiting = LaneQueue.bytes(in: start &- time, rate.bitsPerSecond)
        guard waiting + Double(bytes) <= Double(max(rate.queue, bytes)) else { return nil }
        let end = start.advanced(by: LaneQueue.duration(of: bytes, rate.bitsPerSecond))
        freeAt = end
        return end
    }

    private static func duration(of bytes: Int, _ bitsPerSecond: Int64) -> Int64 {
        // Rounded up; neither the longest packet nor the highest rate overflows.
        let rate = min(max(1, bitsPerSecond), 1_000_000_000_000_000)
        return (Int64(bytes) * 8_000_000_000 + rate - 1) / rate
    }

    private static func bytes(in time: Int64, _ bitsPerSecond: Int64) -> Double {
        Double(time) * Double(max(1, bitsPerSecond)) / 8e9
    }
}
