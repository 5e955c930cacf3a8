import CLinux
import Glibc
import LabWorld
import SupportLinux

/// Starts a runner again and again, kills it at a random point of its life, and looks for what it left behind.
///
/// `strike POINTS SEED PATIENCE-MS COMMAND…`. This process is a subreaper: whatever the runner leaves becomes its child, so that
/// the end of every process is awaited, not guessed.
struct Strike {
    private let points: Int
    private var random: SplitMix
    private let patience: UInt64
    private let command: [String]
    private var conditions = ""
    private let mark = "LAB_WORLD_MARK=\(getpid())-\(Clocks.monotonic())"

    init(_ words: ArraySlice<String>) throws {
        let words = Array(words)
        guard words.count > 3, let points = Int(words[0]), let seed = UInt64(words[1]), let patience = UInt64(words[2])
        else { throw ProbeError("strike POINTS SEED PATIENCE-MS COMMAND…") }
        self.points = points
        self.patience = patience * 1_000_000
        random = SplitMix(state: seed)
        command = Array(words[3...])
    }

    mutating func run() throws {
        guard lab_become_subreaper() == 0 else { throw SystemError.current("become a subreaper") }
        let signals = FileDescriptor(owning: try checked("watch for ended programs") { lab_child_signals() })
        let before = try Surroundings()
        // One life undisturbed up to the echo tells how long a life is.
        let whole = try live(killAfter: nil, signals, before)
        var stages: [String: Int] = [:]
        for _ in 0..<points {
            let moment = random.next() % (whole + whole / 3)
            _ = try live(killAfter: moment, signals, before, &stages)
        }
        let told = stages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Probe.say(
            "clean after \(points + 1) kills within \(whole / 1_000_000) ms of life; last said: \(told); limits: \(conditions)"
        )
    }

    private mutating func live(killAfter moment: UInt64?, _ signals: FileDescriptor, _ before: Surroundings) throws
        -> UInt64
    {
        var stages: [String: Int] = [:]
        return try live(killAfter: moment, signals, before, &stages)
    }

    /// One life of a runner; gives the time until the echo, or until it was killed.
    private mutating func live(
        killAfter moment: UInt64?, _ signals: FileDescriptor, _ before: Surroundings, _ stages: inout [String: Int]
    ) throws -> UInt64 {
        let (said, output) = try FileDescriptor.pipe()
        let parts = mark.split(separator: "=", maxSplits: 1).map(String.init)
        var launch = Launch(command, environment: OwnProcess.environment().merging([parts[0]: parts[1]]) { $1 })
        launch.descriptors = [-1, output.number, STDERR_FILENO]
        let start = Clocks.monotonic()
        let runner = try launch.start()
        output.close()
        var heard = ""
        var elapsed: UInt64 = 0
        let end = moment ?? 30_000_000_000
        while moment != nil || !heard.contains("echoed") {
            elapsed = Clocks.monotonic() - start
            if elapsed >= end { break }
            if lab_poll_one(said.number, Int64(end - elapsed)) > 0 {
                let part = try said.read(upTo: 4096)
                if part.isEmpty { throw ProbeError("the runner ended by itself, having said: \(heard)") }
                heard += String(decoding: part, as: UTF8.self)
            }
        }
        for line in heard.split(separator: "\n") where line.hasPrefix("ready ") {
            conditions = String(line.dropFirst(6))
        }
        if moment == nil, !heard.contains("echoed") { throw ProbeError("no echo, only: \(heard)") }
        let inside = Inside(mark: mark)
        let during = try Surroundings()
        lab_signal_pidfd(runner.pidfd.number, SIGKILL)
        stages[heard.split(separator: "\n").last.map { String($0.prefix { $0 != " " }) } ?? "nothing", default: 0] += 1
        if during != before { throw ProbeError("seen outside while it ran: \(during.difference(from: before))") }
        try awaitEnd(signals)
        if let left = inside.remains(mark: mark) { throw ProbeError("left behind after \(elapsed / 1000) us: \(left)") }
        let after = try Surroundings()
        if after != before { throw ProbeError("left behind: \(after.difference(from: before))") }
        return elapsed
    }

    /// Reaps children, own and inherited, until there are none.
    private func awaitEnd(_ signals: FileDescriptor) throws {
        let deadline = Clocks.monotonic() + patience
        while true {
            var exited: Int32 = 0
            var value: Int32 = 0
            let pid = lab_reap(&exited, &value)
            if pid > 0 { continue }
            if pid < 0 { return }
            let now = Clocks.monotonic()
            guard now < deadline else { break }
            _ = lab_poll_two(signals.number, -1, Int32(clamping: (deadline - now) / 1_000_000 + 1))
            _ = try? signals.read(upTo: 4096)
        }
        // Our own children by now, so their numbers cannot have gone to others.
        let left = Inside.children()
        for pid in left { kill(pid, SIGKILL) }
        throw ProbeError("processes left behind: \(left.map(Inside.describe).joined(separator: "; "))")
    }
}

/// Steele, Lea and Flood's generator: the same kill points for the same seed.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
