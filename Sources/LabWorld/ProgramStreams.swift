import Glibc
import SupportLinux

/// The descriptors of a program to start: those it gets, and the ends that stay here.
struct ProgramStreams: Sendable {
    var passed: [FileDescriptor] = []
    /// Descriptor i of the program is passed[indices[i]], or /dev/null for -1.
    var indices: [Int] = []
    var terminal: FileDescriptor?
    var input: FileDescriptor?
    var output: FileDescriptor?
    var errors: FileDescriptor?

    init(_ plan: ProgramPlan) throws(WorldError) {
        do throws(SystemError) { try open(plan) } catch { throw .system(error) }
    }

    private mutating func open(_ plan: ProgramPlan) throws(SystemError) {
        if let size = plan.terminal {
            let pair = try Pseudoterminal(size: size)
            terminal = pair.primary
            passed = [pair.secondary]
            indices = [0, 0, 0]
        } else {
            input = try add(plan.input, isInput: true)
            output = try add(plan.output, isInput: false)
            errors = try add(plan.errors, isInput: false)
        }
        for descriptor in plan.inherited { pass(descriptor) }
    }

    /// Gives the end that stays here when the stream is a pipe.
    private mutating func add(_ stream: ProgramPlan.Stream, isInput: Bool) throws(SystemError) -> FileDescriptor? {
        switch stream {
        case .null:
            indices.append(-1)
            return nil
        case .descriptor(let descriptor):
            pass(descriptor)
            return nil
        case .pipe:
            let (read, write) = try FileDescriptor.pipe()
            pass(isInput ? read : write)
            return isInput ? write : read
        }
    }

    private mutating func pass(_ descriptor: FileDescriptor) {
        indices.append(passed.count)
        passed.append(descriptor)
    }
}

extension FileDescriptor {
    /// A copy of this process's standard error.
    static func standardError() throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try checked("duplicate standard error") { fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) })
    }
}
