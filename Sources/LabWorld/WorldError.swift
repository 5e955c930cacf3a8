import SupportLinux

/// Why there is no world, or none any more.
package enum WorldError: Error, Sendable, Equatable, CustomStringConvertible {
    /// This machine gives no namespaces.
    case refused(WorldRefusal)
    /// The executable for pid 1 could not be started.
    case launch(LaunchError)
    case setup(WorldSetupError)
    /// Pid 1 ended: by a fault of ours or because somebody killed it.
    case ended(ExitStatus?)
    case unknownHost(String)
    case program(LaunchError)
    /// Our own side failed: out of descriptors, memory or threads.
    case system(SystemError)

    package var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .launch(let error): "the world could not be started: \(error)"
        case .setup(let error): "the world could not be built: \(error)"
        case .ended(.some(let status)): "the world ended before its time: its first process \(status)"
        case .ended(nil): "the world has ended"
        case .unknownHost(let name): "there is no host `\(name)` in this world"
        case .program(let error): error.description
        case .system(let error): "the machine ran out of something: \(error)"
        }
    }
}

/// What on this machine stands against namespaces, and the way round it.
package enum WorldRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// `kernel.apparmor_restrict_unprivileged_userns` is 1, as on Ubuntu from 23.10.
    case appArmor
    /// A setting turns user namespaces off: `kernel.unprivileged_userns_clone` or `user.max_user_namespaces` is 0.
    case turnedOff(setting: String)
    /// A limit of namespaces is reached.
    case limitReached
    /// A seccomp filter, as in a container of Docker's defaults.
    case containerFilter
    /// The kernel lacks what is needed.
    case kernel(stage: String, code: Int32)
    case other(stage: String, code: Int32)

    package var description: String {
        switch self {
        case .appArmor: "AppArmor keeps ordinary users from making user namespaces on this machine"
        case .turnedOff(let setting): "user namespaces are turned off on this machine (\(setting) = 0)"
        case .limitReached: "the machine's limit of namespaces is reached (user.max_user_namespaces)"
        case .containerFilter: "this container's filter of system calls forbids namespaces"
        case .kernel(let stage, let code), .other(let stage, let code):
            "the machine refuses namespaces (\(stage): \(SystemError.text(of: code)))"
        }
    }

    /// What a person can do about it.
    package var remedy: String {
        switch self {
        case .appArmor: "run `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or run lab as root"
        case .turnedOff(let setting):
            "run `sudo sysctl -w \(setting)=\(setting.hasPrefix("user.") ? "10000" : "1")`, or run lab as root"
        case .limitReached: "end other programs that hold namespaces, or raise user.max_user_namespaces"
        case .containerFilter:
            "start the container with `--cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined "
                + "--security-opt apparmor=unconfined`"
        case .kernel: "use a kernel of version 5.6 or newer with network namespaces"
        case .other: "run lab as root, or on a machine that allows namespaces"
        }
    }
}
