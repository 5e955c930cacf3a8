import Glibc
import SupportLinux

/// Where programs are.
package enum ProgramSearch {
    /// The folders that are searched whatever `PATH` says: students' shells often lack the last ones.
    private static let always = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]

    /// The path of a program that can be run, or nil.
    package static func find(_ name: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        let path = OwnProcess.environment()["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + always
        return folders.lazy.map { "\($0)/\(name)" }.first { path in
            access(path, X_OK) == 0 && Files.kind(of: path) != .directory
        }
    }
}
