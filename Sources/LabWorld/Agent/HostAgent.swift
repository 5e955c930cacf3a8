import Glibc
import SupportLinux

/// The process on a host in which engines open their sockets: an ordinary one, with a channel to the runner.
package enum HostAgent {
    /// The hidden first word of the command line that starts one; the host's name is the second.
    package static let argument = "__host"
    static let channelDescriptor: Int32 = 3

    /// The agent's end of its channel. The process ends at once when the runner closes the other.
    package static func channel() throws(SystemError) -> MessageChannel {
        OwnProcess.ignoreBrokenPipes()
        try checked("take over the channel to the runner") { fcntl(channelDescriptor, F_SETFD, FD_CLOEXEC) }
        return try MessageChannel(owning: FileDescriptor(owning: channelDescriptor), name: "runner") { _exit(0) }
    }
}
