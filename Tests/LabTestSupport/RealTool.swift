import Foundation

/// A program of the system, run to its end: curl, openssl, python3 and their like, as peers that did not come from us.
package struct RealTool: Sendable {
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: String
        package let outputBytes: [UInt8]
        package let errors: String
    }

    package let path: String

    /// Nil where no program of that name is on `PATH` or in the usual system folders.
    package init?(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let candidates = (folders + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]).map { $0 + "/" + name }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else { return nil }
        path = found
    }

    package init(path: String) { self.path = path }

    package static func exists(_ name: String) -> Bool { RealTool(name) != nil }

    /// Variables that send traffic through somebody else's proxy, or secrets into somebody else's file.
    package static let proxyVariables = [
        "http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "SSLKEYLOGFILE",
    ]

    /// Runs the program and waits for its end on a thread of its own. Variables in `environment` are added; those in
    /// `removing` are taken away.
    ///
    /// - Parameter folder: where it runs; nil: where the tests do.
    package func run(
        _ arguments: [String], environment: [String: String] = [:],
        removing: [String] = proxyVariables, input: [UInt8] = [], folder: String? = nil
    ) async throws -> Outcome {
        var variables = ProcessInfo.processInfo.environment
        for name in removing { variables[name] = nil }
        variables["SWIFT_BACKTRACE"] = "enable=no"
        variables.merge(environment) { $1 }
        let complete = variables
        return try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Result {
                        try self.runBlocking(arguments, environment: complete, input: input, in: folder)
                    })
            }.start()
        }
    }

    private func runBlocking(
        _ arguments: [String], environment: [String: String], input: [UInt8], in workingFolder: String?
    ) throws -> Outcome {
        let folder = TemporaryFolder()
        let files = try ["in", "out", "err"].map { name in
            let url = URL(fileURLWithPath: folder.path + "/" + name)
            try Data(name == "in" ? input : []).write(to: url)
            return try FileHandle(forUpdating: url)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        if let workingFolder { process.currentDirectoryURL = URL(fileURLWithPath: workingFolder) }
        process.standardInput = files[0]
        process.standardOutput = files[1]
        process.standardError = files[2]
        try process.run()
        process.waitUntilExit()
        let output = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out"))
        let errors = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/err"))
        return Outcome(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
            outputBytes: Array(output), errors: String(decoding: errors, as: UTF8.self))
    }
}
