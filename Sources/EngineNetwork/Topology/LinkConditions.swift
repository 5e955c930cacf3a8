/// What one direction of a link does to packets, besides its delay and MTU. The empty value does nothing.
///
/// Shares are probabilities from 0 to 1, each drawn for itself. A packet first waits for the link (``rate``), is then lost
/// or not, delayed, held back, corrupted and doubled.
package struct LinkConditions: Codable, Sendable, Hashable {
    /// Variation of the delay, in nanoseconds; the sum with the delay is never below 0. Packets may overtake one another.
    package struct Jitter: Codable, Sendable, Hashable {
        package enum Distribution: String, Codable, Sendable, CaseIterable {
            /// Anything from `-deviation` to `+deviation` alike.
            case uniform
            /// Mean 0, standard deviation `deviation`, within six of them.
            case normal
            /// Heavy-tailed as queues are: mean 0, standard deviation `deviation`, never below −0.58 of it (shape 3).
            case pareto
        }

        package var deviation: Int64
        package var distribution: Distribution

        package init(_ deviation: Int64, _ distribution: Distribution = .uniform) {
            self.deviation = deviation
            self.distribution = distribution
        }
    }

    package enum Loss: Codable, Sendable, Hashable {
        case random(Double)
        case bursts(GilbertElliott)

        /// The share that is lost in the long run.
        package var mean: Double {
            switch self {
            case .random(let share): share
            case .bursts(let model): model.mean
            }
        }
    }

    /// A channel of two states (Gilbert 1960, Elliott 1963): each packet of a flow finds it good or bad.
    package struct GilbertElliott: Codable, Sendable, Hashable {
        /// The chance to turn bad after a packet that found it good, and back.
        package var enter: Double
        package var leave: Double
        /// What is lost in each state.
        package var good: Double
        package var bad: Double

        package init(enter: Double, leave: Double, good: Double = 0, bad: Double = 1) {
            self.enter = enter
            self.leave = leave
            self.good = good
            self.bad = bad
        }

        /// Losses that come `length` at a time on average and make up `mean` of all packets.
        package init(mean: Double, length: Double) {
            let leave = 1 / max(1, length)
            self.init(enter: mean < 1 ? min(1, mean * leave / (1 - mean)) : 1, leave: leave)
        }

        package var mean: Double {
            let shareBad = enter + leave > 0 ? enter / (enter + leave) : 0
            return shareBad * bad + (1 - shareBad) * good
        }
    }

    /// Packets held back so that later ones overtake them.
    package struct Reordering: Codable, Sendable, Hashable {
        package var share: Double
        /// How much later they come, in nanoseconds.
        package var hold: Int64

        package init(share: Double, hold: Int64) {
            self.share = share
            self.hold = hold
        }
    }

    /// Bits a second that pass, counted over whole IP packets, and the packets that may wait for their turn.
    package struct Rate: Codable, Sendable, Hashable {
        package var bitsPerSecond: Int64
        /// Bytes that find room in the queue, the packet under way among them; what comes on top is dropped.
        package var queue: Int

        package init(bitsPerSecond: Int64, queue: Int = Rate.usualQueue) {
            self.bitsPerSecond = bitsPerSecond
            self.queue = queue
        }

        /// A hundred full packets.
        package static let usualQueue = 150_000
    }

    package var jitter: Jitter?
    package var loss: Loss?
    package var duplication: Double
    package var reordering: Reordering?
    /// The share of packets of which one bit behind the IP header turns over.
    package var corruption: Double
    package var rate: Rate?

    package init(
        jitter: Jitter? = nil, loss: Loss? = nil, duplication: Double = 0, reordering: Reordering? = nil,
        corruption: Double = 0, rate: Rate? = nil
    ) {
        self.jitter = jitter
        self.loss = loss
        self.duplication = duplication
        self.reordering = reordering
        self.corruption = corruption
        self.rate = rate
    }

    /// Whether anything is left to chance.
    package var draws: Bool {
        jitter != nil || loss != nil || duplication > 0 || reordering != nil || corruption > 0
    }
}
