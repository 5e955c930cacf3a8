/// The exit statuses of every `lab` command, by cause.
package enum ExitStatus: Int32, Sendable, Hashable {
    case passed = 0
    case checkFailed = 1
    /// An input file, a lab above all, is invalid.
    case invalidInput = 2
    case inconclusive = 3
    /// This machine lacks what the lab needs; found before any step ran.
    case preflight = 4
    case usage = 64
    /// A bug of ours.
    case software = 70
}
