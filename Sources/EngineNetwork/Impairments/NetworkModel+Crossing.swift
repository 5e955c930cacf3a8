import Wire

/// What links do to packets.
extension NetworkModel {
    /// Carries a packet over a hop; false where it does not get to the other end, or not yet.
    mutating func cross(_ hop: Routes.Hop, _ arrival: inout Walk.Arrival, _ walk: inout Walk) -> Bool {
        guard let way = map.way(from: hop.out, to: hop.next) else {
            // The link went down under it.
            if let lane = map.lane(at: hop.out) { note(.lost(link: lane.name), arrival) }
            return false
        }
        if way.isPlain, arrival.number == nil || story == nil, watched.isEmpty {
            arrival.time = arrival.time.advanced(by: way.delay)
            return true
        }
        while arrival.lanesCrossed < way.lanes.count {
            let index = way.lanes[arrival.lanesCrossed]
            if let rate = map.lanes[index].conditions.rate {
                // Who comes first is first: packets that were sent later may overtake this one before it is here.
                if isAhead(arrival) {
                    park(arrival, at: map.lanes[index].name)
                    return false
                }
                var queue = queues[index] ?? LaneQueue()
                guard let end = queue.accept(bytes: arrival.packet.count, at: arrival.time, rate) else {
                    note(.queueFull(link: map.lanes[index].name), arrival)
                    return false
                }
                queues[index] = queue
                let link = map.lanes[index].name
                tell(.queued(link: link, wait: end - arrival.time), arrival)
                arrival.time = end
            }
            see(arrival, on: index, of: hop)
            guard impair(&arrival, on: index, &walk) else { return false }
            arrival.lanesCrossed += 1
        }
        return true
    }

    /// What is left to chance on a lane; false where the packet is lost.
    private mutating func impair(_ arrival: inout Walk.Arrival, on index: Int, _ walk: inout Walk) -> Bool {
        let lane = map.lanes[index]
        let (conditions, packet) = (lane.conditions, arrival.identity)
        guard conditions.draws else {
            tell(.crossed(link: lane.name, delay: lane.delay), arrival)
            arrival.time = arrival.time.advanced(by: lane.delay)
            return true
        }
        guard !conditions.loses(packet, on: lane.key) else {
            note(.lost(link: lane.name), arrival)
            return false
        }
        let delay = lane.delay.advanced(by: conditions.delayChange(packet, on: lane.key))
        tell(.crossed(link: lane.name, delay: max(0, delay)), arrival)
        arrival.time = arrival.time.advanced(by: max(0, delay))
        if conditions.corruption.happens(at: packet.draw(.corruption, on: lane.key)) {
            tell(.damaged(link: lane.name), arrival)
            corrupt(&arrival, at: packet.draw(.corruptedBit, on: lane.key))
        }
        if conditions.duplication.happens(at: packet.draw(.duplication, on: lane.key)) {
            tell(.doubled(link: lane.name), arrival)
            var copy = arrival
            copy.number = newNumber()
            copy.identity = packet.derived(.copy, by: lane.key)
            copy.lanesCrossed += 1
            walk.arrivals.append(copy)
        }
        return true
    }

    /// Turns one bit over behind the IP header, whose own checksum would give it away to the next router.
    private func corrupt(_ arrival: inout Walk.Arrival, at draw: UInt64) {
        let payload = arrival.header.payload
        guard !payload.isEmpty else { return }
        let bit = Int(draw % UInt64(payload.count * 8))
        arrival.packet[payload.lowerBound + bit / 8] ^= 1 << UInt8(bit % 8)
    }
}
