import CLinux
import Glibc
import SupportLinux

/// How namespaces are had on this machine: as root, or below a user namespace of one's own.
package enum WorldMode: Sendable, Equatable {
    case root
    case userNamespace

    /// Tries what a world needs, in a child that ends at once; the mode that works, or what refuses.
    package static func probe() -> Result<WorldMode, WorldRefusal> {
        var refusal: WorldRefusal?
        for mode in candidates {
            do throws(LaunchError) {
                try Launch.rehearse(creates: mode.creates)
                return .success(mode)
            } catch {
                refusal = refusal ?? WorldRefusal(error, mode: mode)
            }
        }
        return .failure(refusal ?? .other(stage: "no mode", code: EPERM))
    }

    /// The modes worth trying here, best first.
    static var candidates: [WorldMode] {
        // chown, dac_override, kill, setgid, setuid, setpcap, net_admin, net_raw, sys_chroot, sys_admin
        let needed = [0, 1, 5, 6, 7, 8, 12, 13, 18, 21].reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
        let isRoot = geteuid() == 0 && lab_effective_capabilities() & needed == needed
        return isRoot ? [.root, .userNamespace] : [.userNamespace]
    }

    var creates: Launch.Creates {
        let names = ["pid", "mnt", "net", "uts", "ipc"]
        return switch self {
        case .root: Launch.Creates(names, user: nil)
        case .userNamespace: Launch.Creates(names + ["user"], user: Launch.User(uid: geteuid(), gid: getegid()))
        }
    }
}

extension WorldRefusal {
    /// Reads the machine's settings to say why starting a process in new namespaces failed.
    init(_ error: LaunchError, mode: WorldMode) {
        let stage = "\(error.stage)"
        switch error.code {
        case EINVAL, ENOSYS: self = .kernel(stage: stage, code: error.code)
        case ENOSPC, EUSERS:
            self =
                Self.setting("user/max_user_namespaces") == 0
                ? .turnedOff(setting: "user.max_user_namespaces") : .limitReached
        case _ where mode == .userNamespace && Self.setting("kernel/unprivileged_userns_clone") == 0:
            self = .turnedOff(setting: "kernel.unprivileged_userns_clone")
        case _ where mode == .userNamespace && Self.setting("kernel/apparmor_restrict_unprivileged_userns") == 1:
            self = .appArmor
        case EPERM, EACCES: self = Self.isFiltered ? .containerFilter : .other(stage: stage, code: error.code)
        default: self = .other(stage: stage, code: error.code)
        }
    }

    private static func setting(_ name: String) -> Int? {
        guard let bytes = try? Files.read("/proc/sys/" + name, limit: 64) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self).filter(\.isNumber))
    }

    /// Whether a seccomp filter looks at this process.
    private static var isFiltered: Bool {
        guard let bytes = try? Files.read("/proc/self/status", limit: 65536) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains("Seccomp:\t2")
    }
}
