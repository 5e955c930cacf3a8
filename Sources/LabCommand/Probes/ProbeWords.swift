import ArgumentParser

/// The words of a probe's command line, read without the tree of all commands, whose set-up takes as long as probing does.
enum ProbeWords {
    /// Nil where they are no probe's, or wrong, or ask for help: what is said of them then names the whole command.
    static func command(_ words: [String]) -> (any AsyncParsableCommand)? {
        let rest = Array(words.dropFirst())
        return switch words.first {
        case PingCommand.configuration.commandName: try? ping(rest)
        case TracerouteCommand.configuration.commandName: try? TracerouteCommand.parse(rest)
        default: nil
        }
    }

    /// The parser's own time grows with the square of the number of hosts, so most of many are kept from it: the words at the
    /// end that are no options, but for the first of them, which may be what an option takes, and one host.
    private static func ping(_ words: [String]) throws -> PingCommand {
        let closing = words.reversed().prefix { $0.utf8.first != UInt8(ascii: "-") }.count
        let kept = max(0, closing - 2)
        var command = try PingCommand.parse(Array(words.dropLast(kept)))
        guard kept > 0 else { return command }
        command.hosts += words.suffix(kept)
        try command.validate()
        return command
    }
}
