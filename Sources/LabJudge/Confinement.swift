import Glibc
import SupportLinux

/// Keeps a lab's files in the lab's folder, where links could lead out of it.
enum Confinement {
    /// Whether a path below a folder (empty: the working directory) is what it looks like: nothing on its way leads out
    /// of the folder. A file that is not there leads nowhere.
    static func isInside(_ path: String, of folder: String) -> Bool {
        guard let root = resolved(folder.isEmpty ? "." : folder) else { return true }
        guard let target = resolved(folder + path) else { return true }
        return root == "/" || target.hasPrefix(root + "/")
    }

    /// Whether a file can be read to its end, unlike a pipe or a device.
    static func isRegularFile(_ path: String) -> Bool {
        resolved(path).map { Files.kind(of: $0) == .file } ?? false
    }

    private static func resolved(_ path: String) -> String? {
        guard let result = realpath(path, nil) else { return nil }
        defer { free(result) }
        return String(cString: result)
    }
}
