import LabModel
import SupportLinux

/// A folder below the temporary folder that goes when this process does, in whatever way that ends. Programs of worlds
/// run as others and must get into it.
final class PassingFolder: Sendable {
    let path: String
    private let guardPipe: FileDescriptor
    private let guardProcess: FileDescriptor

    /// The guard reads until this process is gone, and then takes the folder away. What still writes into it ends with
    /// this process, a moment later perhaps: so it looks until nothing has come back for a while.
    private static let script = """
        read -r word && [ "$word" = done ] && exit 0
        absent=0 looks=0
        while [ $absent -lt 10 ] && [ $looks -lt 600 ]; do
            if [ -e "$1" ]; then absent=0; rm -rf -- "$1" 2>/dev/null; else absent=$((absent + 1)); fi
            looks=$((looks + 1))
            sleep 0.05
        done
        """

    /// - Parameter prefix: `lab-prove-`, say.
    /// - Throws: `SystemError` where the temporary folder cannot be written, `LaunchError` without a shell.
    init(_ prefix: String) throws {
        let base = OwnProcess.environment()["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        path = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/" + prefix + Hex.string(Random.bytes(6))
        let pipe = try FileDescriptor.pipe()
        // A session of its own: keys typed at the terminal do not end it.
        var launch = Launch(
            ["sh", "-c", Self.script, "lab-guard", path], environment: ["PATH": "/usr/bin:/bin"], directory: "/")
        launch.descriptors = [pipe.read.number, -1, -1]
        guardProcess = try launch.start().pidfd
        pipe.read.close()
        guardPipe = pipe.write
        try Files.createDirectories(path, mode: 0o755)
    }

    func remove() {
        try? Files.removeTree(path)
        // Where something is left the guard tries its luck.
        if !Files.exists(path) { try? guardPipe.write(Array("done\n".utf8)) }
        guardPipe.close()
        _ = try? SupportLinux.ExitStatus.wait(for: guardProcess)
    }
}
