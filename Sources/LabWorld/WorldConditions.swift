/// How a world came out on this machine: what it could not have, and lives without.
package struct WorldConditions: Codable, Sendable, Equatable {
    package enum Limit: String, Codable, Sendable, CaseIterable {
        /// The machine shows only its own /proc: programs see process numbers that are not theirs.
        case machineProc
        /// Kernel settings below /proc/sys cannot be written: programs get the raw socket capability in place of the
        /// setting that lets everyone ping.
        case fixedSettings
        /// The kernel has no IPv6.
        case noIPv6
    }

    /// The runner is root and the world has no user namespace of its own.
    package var rootMode: Bool
    package var limits: [Limit]
}

/// A world that could not be built: the step and the kernel's reason.
package struct WorldSetupError: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// The host being built, when one was.
    package var host: String?
    package var operation: String
    /// The errno; 0 when the reason is in the words of `operation`.
    package var code: Int32
    package var description: String
}
