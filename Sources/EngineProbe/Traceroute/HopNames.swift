import Wire

/// Which addresses of a trace are looked up, and how long their names are waited for, without a resolver or a clock.
///
/// A lookup begins when its address is first heard, so it has had time by the end of the trace. A resolver that said nothing
/// at all by then is waited for only as long as keeps the whole trace within three times its slowest round trip and 100 ms;
/// one that said something, until ``patience`` after the trace. Times are nanoseconds on one monotonic clock.
package struct HopNames: Sendable {
    /// So many lookups at most: each has a thread of its own.
    package static let limit = 64
    /// How long after the trace a resolver that answers may take for the rest.
    package static let patience: Int64 = 1_000_000_000
    /// Of the 100 ms, what is left to a silent resolver; the rest is for starting and ending.
    private static let silentMargin: Int64 = 60_000_000

    private let startedAt: Int64
    private var asked: [IPAddress] = []
    /// In the order of ``asked``.
    private var names: [String?] = []
    private var answers = 0

    /// - Parameter startedAt: when the trace began.
    package init(startedAt: Int64) { self.startedAt = startedAt }

    /// Somebody answered; true when a lookup is to begin.
    package mutating func heard(_ address: IPAddress) -> Bool {
        guard asked.count < HopNames.limit, !asked.contains(address) else { return false }
        asked.append(address)
        names.append(nil)
        return true
    }

    /// A lookup ended; nil: the address has no name, or nobody could be asked.
    package mutating func lookedUp(_ address: IPAddress, _ name: String?) {
        guard let place = asked.firstIndex(of: address), answers < asked.count else { return }
        answers += 1
        if let name { names[place] = name }
    }

    /// The name of an address, as far as it is known by now.
    package subscript(address: IPAddress) -> String? { asked.firstIndex(of: address).flatMap { names[$0] } }

    /// What is known by now.
    package var known: [IPAddress: String] {
        Dictionary(
            zip(asked, names).compactMap { address, name in name.map { (address, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Until when the rest is waited for; nil when nothing is missing.
    ///
    /// - Parameters:
    ///   - endedAt: when the trace ended.
    ///   - slowest: its slowest round trip, or 0.
    package func deadline(endedAt: Int64, slowest: Int64) -> Int64? {
        if answers == asked.count { return nil }
        if answers > 0 { return endedAt &+ HopNames.patience }
        let threefold = max(0, slowest).multipliedReportingOverflow(by: 3)
        let bound = min(threefold.overflow ? Int64.max : threefold.partialValue, HopNames.patience)
        return startedAt &+ bound &+ HopNames.silentMargin
    }
}
