import CLinux
import SupportLinux
import Synchronization
import Wire

/// Looks up the names of routers beside a trace: the thread that probes only leaves an address here.
package final class HopResolver: Sendable {
    private struct State {
        var names: HopNames
        var waiting: [IPAddress] = []
        var isDone = false
    }

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
        while true {
            work.wait()
            let (next, isDone) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.isDone)
            }
            for address in next {
                let started: Void? = try? Threads.detach(name: "resolver") {
                    self.answered(address, self.lookUp(address))
                }
                if started == nil { answered(address, nil) }
            }
            if isDone { return }
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
    package func finish(slowest: Int64) -> [IPAddress: String] {
        let endedAt = clock()
        end()
        while let deadline = state.withLock({ $0.names.deadline(endedAt: endedAt, slowest: slowest) }) {
            let left = deadline - clock()
            if left <= 0 { break }
            answers.wait(atMost: left)
        }
        return state.withLock { $0.names.known }
    }
}
