import LabWorld
import SupportLinux
import Testing

@Suite("Machines that give less", .enabled(if: ProbeProgram.hasWorlds, "namespaces are refused here"))
struct RestrictedMachineTests {
    private static let powerless = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]

    @Test("a machine without user namespaces is told apart, with the setting's name")
    func turnedOff() async throws {
        // The limit of a user namespace of our own, so that the machine's stays as it is.
        let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\""
        let result = try await ProbeProgram.run(
            ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"] + Self.powerless
                + [ProbeProgram.path, "mode"])
        let told = "user namespaces are turned off on this machine (user.max_user_namespaces = 0)"
        #expect(result.text.contains(told), "\(result.errorText)")
    }

    @Test(
        "where /proc/sys is read-only, programs still ping",
        .enabled(if: ProbeProgram.isRoot, "only root can cover /proc"), arguments: [[], KillTests.nobody])
    func fixedSettings(user: [String]) async throws {
        let script =
            "mount -t tmpfs none /proc/fs && mount --bind /proc/sys /proc/sys && "
            + "mount -o remount,bind,ro /proc/sys && exec \"$@\""
        let result = try await ProbeProgram.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"] + user
                + [ProbeProgram.path, "first-ping", "1"])
        #expect(result.status == .exited(0), "\(result.text) \(result.errorText)")
        if !user.isEmpty { #expect(result.text.contains("machineProc,fixedSettings")) }
    }

    @Test(
        "a world keeps its files when /etc/resolv.conf leads into /run",
        .enabled(if: ProbeProgram.isRoot, "only root can mount"), arguments: [[], KillTests.nobody])
    func resolverLink(user: [String]) async throws {
        let script =
            "mount -t tmpfs none /run && mkdir -p /run/systemd /run/keep/this && "
            + "ln -s ../run/systemd/resolve/stub.conf /run/keep/link && mount --bind /run/keep /mnt && exec \"$@\""
        let result = try await ProbeProgram.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"] + user
                + [ProbeProgram.path, "show", "/mnt/link", "/run/systemd/resolve/stub.conf", "/run/keep/this"])
        #expect(result.text.hasPrefix("placed\nplaced\n"), "\(result.text) \(result.errorText)")
    }
}
