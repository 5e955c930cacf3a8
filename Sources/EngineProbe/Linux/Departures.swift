import Wire

/// When packets really left, as the kernel stamps them: by their order on the socket, then by the probe they were.
struct Departures {
    private struct Key: Hashable {
        let target: IPAddress
        let number: UInt16
    }

    private struct Departure {
        /// On the monotonic clock, before the call that sent it.
        let sentAt: Int64
        /// On the clock of the stamps; nil until the kernel tells.
        var stamp: Int64?
    }

    private static let limit = 4096

    private var keys: [Key] = []
    private var departures: [Key: Departure] = [:]
    private var count = 0

    mutating func sent(_ probe: Probe, at time: Int64) {
        let key = Key(target: probe.target, number: probe.number)
        if keys.count < Departures.limit {
            keys.append(key)
        } else {
            departures[keys[count % Departures.limit]] = nil
            keys[count % Departures.limit] = key
        }
        departures[key] = Departure(sentAt: time)
        count += 1
    }

    /// `number` counts the socket's packets from 0.
    mutating func stamped(_ number: UInt32, at stamp: Int64) {
        let number = Int(number)
        guard number < count, number >= count - keys.count else { return }
        departures[keys[number % Departures.limit]]?.stamp = stamp
    }

    /// From departure to an arrival stamp; nil where either is missing, or where the clock of the stamps was set meanwhile.
    ///
    /// - Parameter now: on the monotonic clock; no round trip is longer than the time since sending.
    func roundTrip(_ target: IPAddress, _ number: UInt16, arrival: Int64, now: Int64) -> Int64? {
        guard arrival > 0, let departure = departures[Key(target: target, number: number)], let stamp = departure.stamp
        else { return nil }
        let roundTrip = arrival &- stamp
        return roundTrip > 0 && roundTrip <= now &- departure.sentAt ? roundTrip : nil
    }
}
