import Wire

/// The credit of one router for reports, kept as Linux keeps it (inet_peer_xrlim_allow, icmp_global_allow).
struct ReportCredit: Sendable {
    private struct Bucket: Sendable {
        var tokens: Int64
        var last: Int64
    }

    /// More receivers than a lab has; beyond it all begin anew.
    private static let receiverLimit = 4096
    private var receivers: [IPAddress: Bucket] = [:]
    private var total: Bucket?

    /// Whether a report to `receiver` may be made at `time`; then it is paid for.
    mutating func takes(_ limit: ReportLimit, to receiver: IPAddress, at time: Int64) -> Bool {
        if let perSecond = limit.perSecond {
            let unit = Int64(1_000_000_000) / Int64(max(1, perSecond))
            var bucket = total ?? Bucket(tokens: .max, last: time)
            guard ReportCredit.pay(&bucket, unit, Int64(clamping: limit.totalBurst), at: time) else {
                total = bucket
                return false
            }
            total = bucket
        }
        if receivers.count >= ReportCredit.receiverLimit, receivers[receiver] == nil { receivers = [:] }
        var bucket = receivers[receiver] ?? Bucket(tokens: .max, last: time)
        let takes = ReportCredit.pay(&bucket, max(0, limit.interval), Int64(clamping: limit.burst), at: time)
        receivers[receiver] = bucket
        return takes
    }

    private static func pay(_ bucket: inout Bucket, _ unit: Int64, _ burst: Int64, at time: Int64) -> Bool {
        let (full, overflow) = unit.multipliedReportingOverflow(by: max(1, burst))
        let most = overflow ? Int64.max : full
        bucket.tokens = min(most, bucket.tokens.advanced(by: max(0, time &- bucket.last)))
        bucket.last = max(bucket.last, time)
        guard bucket.tokens >= unit else { return false }
        bucket.tokens -= unit
        return true
    }
}
