import Glibc

/// A system call that failed: what was being done, and the kernel's reason.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was being done, such as "open /etc/hosts".
    package let operation: String
    /// The errno, such as `ENOENT`.
    package let code: Int32

    package init(_ operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    /// Takes the code from errno; call it right after the failing call.
    package static func current(_ operation: @autoclosure () -> String) -> SystemError {
        let code = errno
        return SystemError(operation(), code: code)
    }

    package var description: String { "\(operation): \(SystemError.text(of: code))" }

    /// The C library's sentence for an errno.
    package static func text(of code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress else { return "error \(code)" }
            buffer.initialize(repeating: 0)
            guard strerror_r(code, base, buffer.count) == 0 else { return "error \(code)" }
            return String(cString: base)
        }
    }
}

/// Runs a C call that gives -1 and errno on failure, again when a signal interrupted it.
@discardableResult
package func checked<Result: FixedWidthInteger & SignedInteger>(
    _ operation: @autoclosure () -> String, _ call: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw SystemError.current(operation()) }
    }
}
