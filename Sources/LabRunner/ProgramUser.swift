import LabModel
import SupportLinux

/// Whom programs of a world run as when the runner is root.
enum ProgramUser {
    /// Whoever called sudo; otherwise nobody, where nobody can reach the run folder and this program; otherwise the
    /// runner's own user, who has no capabilities in there.
    static func choose(run: String, executable: String) -> Launch.User {
        let environment = OwnProcess.environment()
        if let uid = environment["SUDO_UID"].flatMap(UInt32.init),
            let gid = environment["SUDO_GID"].flatMap(UInt32.init),
            uid != 0
        {
            return Launch.User(uid: uid, gid: gid)
        }
        let isReachable = [run, executable].allSatisfy(isReachable)
        return isReachable ? Launch.User(uid: 65_534, gid: 65_534) : Launch.User(uid: 0, gid: 0)
    }

    /// Whether everybody may enter the folders above a path.
    static func isReachable(_ path: String) -> Bool {
        var folder = path
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = String(folder[..<slash])
            guard let mode = Files.permissions(of: folder), mode & 0o001 != 0 else { return false }
        }
        return true
    }
}
