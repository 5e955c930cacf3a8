import Foundation

/// The `lab` executable as the package built it, beside the test program.
package enum BuiltLab {
    /// Nil where it was not built.
    package static let tool: RealTool? = {
        var folder = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            if FileManager.default.isExecutableFile(atPath: folder + "/lab") { return RealTool(path: folder + "/lab") }
        }
        return nil
    }()

    /// Whether this machine gives worlds, as `lab doctor` says; asked once.
    package static func hasWorlds() async -> Bool { await worlds.value }

    private static let worlds = Task { (try? await run(["doctor"], in: "/"))?.status == 0 }

    /// Runs `lab` in a folder, with nothing in the environment that names labs or proxies. Labs are run one after the
    /// other: each is several processes, and machines that test are small.
    package static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], input: [UInt8] = []
    ) async throws -> RealTool.Outcome {
        guard let tool else { throw CocoaError(.fileNoSuchFile) }
        let start: @Sendable () async throws -> RealTool.Outcome = {
            try await tool.run(
                arguments, environment: environment.merging(["NO_COLOR": "1"]) { given, _ in given },
                removing: RealTool.proxyVariables + [
                    "LAB_PATH", "LAB_HOME", "LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG",
                ], input: input, folder: folder)
        }
        let makesWorlds = ["run", "record", "prove", "shell"].contains(arguments.first)
        return makesWorlds ? try await turns.take(start) : try await start()
    }

    /// Does something that makes worlds of its own while no test runs a lab.
    package static func alone<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await turns.take(work)
    }

    private static let turns = Turns()
}

/// Lets one piece of work begin when the one before has ended. What a piece of work does within its turn needs no other.
actor Turns {
    @TaskLocal private static var isWithinTurn = false
    private var last: Task<Void, Never>?

    func take<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        if Turns.isWithinTurn { return try await work() }
        let before = last
        let mine = Task {
            await before?.value
            return try await Turns.$isWithinTurn.withValue(true) { try await work() }
        }
        last = Task { _ = await mine.result }
        return try await mine.value
    }
}
