import Glibc
import LabWorld
import SupportLinux
import Testing

/// Decision 1 of the design: the runner is killed anywhere, and the kernel leaves nothing of the world.
///
/// LAB_KILL_POINTS=100 strikes as often as the decision asks; a few points by default keep the suite quick.
@Suite(
    "A killed runner leaves nothing", .serialized, .enabled(if: ProbeProgram.hasWorlds, "namespaces are refused here"))
struct KillTests {
    static let points = OwnProcess.environment()["LAB_KILL_POINTS"] ?? "12"
    static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    static let shared = ["unshare", "--mount", "--propagation", "shared"]
    /// Something mounted over a part of /proc, as in every container: the kernel then refuses user namespaces a new one.
    static let masked = [
        "unshare", "--mount", "--propagation", "private", "sh", "-c",
        "mount -t tmpfs none /proc/fs && exec \"$@\"", "sh",
    ]

    /// The wrapped probe must find nothing; gives what it said.
    private func strike(around wrapper: [String] = [], as user: [String] = []) async throws -> String {
        let seed = String(Random.bytes(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let result = try await ProbeProgram.run(
            wrapper + [ProbeProgram.path, "strike", Self.points, seed, "20000"] + user + [ProbeProgram.path, "hold"])
        #expect(result.status == .exited(0), "seed \(seed): \(result.text) \(result.errorText)")
        #expect(result.text.hasPrefix("clean after"))
        print(result.text, terminator: "")
        return result.text
    }

    @Test("as the user who runs the tests")
    func asRunner() async throws { _ = try await strike() }

    @Test("as an ordinary user", .enabled(if: ProbeProgram.isRoot, "only root can become another user"))
    func asNobody() async throws { _ = try await strike(as: Self.nobody) }

    @Test("as root, with mounts shared", .enabled(if: ProbeProgram.isRoot, "only root can share mounts"))
    func sharedAsRoot() async throws { _ = try await strike(around: Self.shared) }

    @Test("as an ordinary user, with mounts shared", .enabled(if: ProbeProgram.isRoot, "only root can share mounts"))
    func sharedAsNobody() async throws { _ = try await strike(around: Self.shared, as: Self.nobody) }

    @Test("as root, with a masked /proc", .enabled(if: ProbeProgram.isRoot, "only root can cover /proc"))
    func maskedAsRoot() async throws { _ = try await strike(around: Self.masked) }

    @Test("as an ordinary user, with a masked /proc", .enabled(if: ProbeProgram.isRoot, "only root can cover /proc"))
    func maskedAsNobody() async throws {
        let said = try await strike(around: Self.masked, as: Self.nobody)
        #expect(said.contains("machineProc"), "the mask did not keep the kernel from giving a new /proc")
    }

    // The proof is worth what its eye is worth: each kind of leak must be seen.

    private func leak(_ script: String, around wrapper: [String] = []) async throws -> String {
        let command = ["sh", "-c", script + "\nexec \"$@\"", "sh", ProbeProgram.path, "hold"]
        let result = try await ProbeProgram.run(
            wrapper + [ProbeProgram.path, "strike", "1", "1", "300"] + command)
        #expect(result.status == .exited(1))
        return result.text
    }

    @Test("and a process that did stay would be seen")
    func seesProcess() async throws {
        #expect(try await leak("sleep 100 &").contains("processes left behind"))
    }

    @Test("and a mount that did stay would be seen", .enabled(if: ProbeProgram.isRoot, "only root can mount"))
    func seesMount() async throws {
        let seen = try await leak("mount -t tmpfs lab-leak /mnt", around: Self.shared)
        #expect(seen.contains("lab-leak"))
    }

    @Test(
        "and an interface that did stay would be seen",
        .enabled(if: ProbeProgram.isRoot, "only root can add interfaces"))
    func seesInterface() async throws {
        let seen = try await leak(
            "ip link add lab-leak type dummy || ip link add lab-leak type veth", around: ["unshare", "--net"])
        #expect(seen.contains("lab-leak") || seen.contains("veth0"))
    }
}
