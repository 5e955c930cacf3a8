import CLinux
import SupportLinux
import Synchronization
import Wire

/// Looks up the names of routers beside a trace: the thread that probes only leaves an address here.
package final class HopResolver: Sendable {
    private struct State {
        var names: HopNames
        var waiting: [IPAddress] = []
        /// Threads that look addresses up one after the other, those that were left behind included.
        var threads = 0
        var isDone = false
    }

    /// A resolver that answers at once needs no more threads than this, and to start them takes longer than it does.
    private static let quickThreads = 2
    /// How long all threads may be under way without an address taken before each that waits gets one of its own, in
    /// nanoseconds.
    private static let patience: Int64 = 1_000_000

    private let state: Mutex<State>
    /// Rings for new addresses, and when the trace is over.
    private let work = ProbeInterrupt.Bell()
    /// Rings for each answer.
    private let answers = ProbeInterrupt.Bell()
    private let clock: @Sendable () -> Int64
    private let lookUp: @Sendable (IPAddress) -> String?

    /// Make it when the trace begins.
    ///
    /// - Parameters:
    ///   - clock: monotonic nanoseconds.
    ///   - lookUp: blocks for as long as it likes; nil: no name. Its thread is left behind when nobody waits any more.
    package init(
        clock: @escaping @Sendable () -> Int64 = { lab_clock_monotonic() },
        lookUp: @escaping @Sendable (IPAddress) -> String? = { NameResolution.reverse($0) }
    ) {
        state = Mutex(State(names: HopNames(startedAt: clock())))
        self.clock = clock
        self.lookUp = lookUp
        try? Threads.detach(name: "names") { self.dispatch() }
    }

    /// Somebody answered. Returns at once; starting a thread is not for the one that probes.
    package func heard(_ address: IPAddress) {
        let isNew = state.withLock { state in
            guard state.names.heard(address) else { return false }
            state.waiting.append(address)
            return true
        }
        if isNew { work.ring() }
    }

    /// The names that are there by now.
    package var known: [IPAddress: String] { state.withLock { $0.names.known } }

    private func dispatch() {
        var left = 0
        while true {
            let isRung = work.wait(atMost: left > 0 ? HopResolver.patience : -1)
            let (waiting, threads, isDone) = state.withLock { ($0.waiting.count, $0.threads, $0.isDone) }
            let isStuck = !isRung && waiting == left
            let missing = isStuck ? waiting : min(waiting, HopResolver.quickThreads - threads)
            for _ in 0..<max(0, missing) { start() }
            left = waiting
            if isDone, waiting == 0 { return }
        }
    }

    private func start() {
        state.withLock { $0.threads += 1 }
        let started: Void? = try? Threads.detach(name: "resolver") {
            while let address = self.next() { self.answered(address, self.lookUp(address)) }
        }
        // A machine that gives no more threads gives no names.
        if started == nil { while let address = next() { answered(address, nil) } }
    }

    /// The address to look up next; nil ends the thread that asks.
    private func next() -> IPAddress? {
        state.withLock { state in
            if state.waiting.isEmpty { state.threads -= 1 }
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
    }

    private func answered(_ address: IPAddress, _ name: String?) {
        state.withLock { $0.names.lookedUp(address, name) }
        answers.ring()
    }

    /// No more addresses will come.
    package func end() {
        state.withLock { $0.isDone = true }
        work.ring()
    }

    /// The trace is over: the names there are, after as long a wait as ``HopNames`` allows. Blocks.
    ///
    /// - Parameter slowest: the slowest round trip of the trace in nanoseconds.
    package func finish(slowest: Int64) -> HopNames {
        let endedAt = clock()
        end()
        while let deadline = state.withLock({ $0.names.deadline(endedAt: endedAt, slowest: slowest) }) {
            let left = deadline - clock()
            if left <= 0 { break }
            answers.wait(atMost: left)
        }
        return state.withLock { $0.names }
    }
}
