import ArgumentParser
import Glibc
import LabModel
import SupportLinux

/// The words of a probe's command line, read without the parser, whose set-up takes longer than a trace does.
///
/// What is not understood here, whether it is wrong or unusual (help, letters run together, an option twice), is left to the
/// parser: the declarations of the commands say what the words mean, and what is said about wrong ones.
enum ProbeWords {
    /// Does what the words ask for, and gives the exit status; nil, and nothing done, where they are not understood.
    static func perform(_ words: [String]) -> Int32? {
        let rest = words.dropFirst()
        do {
            switch words.first {
            case "ping": return try ping(rest)?.perform()?.rawValue
            case "traceroute": return try traceroute(rest)?.perform().rawValue
            default: return nil
            }
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            // Nothing was done yet, or nothing will be printed: the parser, and the command, come to the same and say it.
            return nil
        }
    }

    /// A ping that ``perform(_:)`` left alone since hosts have to be looked up; the parser's own time grows with the square of
    /// their number. Nil where there is something wrong with it.
    static func pingWithNames(_ words: ArraySlice<String>) -> PingRequest? {
        guard words.first == "ping", let request = ping(words.dropFirst()), (try? request.validate()) != nil else {
            return nil
        }
        return request
    }

    static func ping(_ words: ArraySlice<String>) -> PingRequest? {
        var reader = WordReader(words)
        var request = PingRequest()
        while let word = reader.next() {
            let isUnderstood =
                switch word {
                case .plain(let host): reader.add(host, to: &request.hosts)
                case .letter("c"): reader.take(&request.count)
                case .letter("i"): reader.take(&request.interval)
                case .letter("s"): reader.take(&request.size)
                case .letter("t"): reader.take(&request.timeToLive)
                case .letter("W"): reader.take(&request.timeout)
                case .letter("w"): reader.take(&request.deadline)
                case .letter("M"): reader.take(&request.fragmentation, PingRequest.Fragmentation.init(rawValue:))
                case .letter("p"): reader.take(&request.pattern)
                case .letter("f"): reader.set(&request.flood)
                case .letter("A"): reader.set(&request.adaptive)
                case .letter("D"): reader.set(&request.stamps)
                case .letter("n"): reader.set(&request.numeric)
                case .letter("q"): reader.set(&request.quiet)
                case .letter("I"): reader.take(&request.source)
                case .letter("4"): reader.set(&request.ipv4)
                case .letter("6"): reader.set(&request.ipv6)
                case .name("format"): reader.take(&request.format, ProbeFormat.init(rawValue:))
                default: false
                }
            guard isUnderstood else { return nil }
        }
        guard reader.isSound, !request.hosts.isEmpty, !(request.ipv4 && request.ipv6) else { return nil }
        return request
    }

    /// Not with `--watch`, which goes on so long that nobody notices how it began.
    static func traceroute(_ words: ArraySlice<String>) -> TracerouteRequest? {
        var reader = WordReader(words)
        var request = TracerouteRequest()
        var hosts: [String] = []
        while let word = reader.next() {
            let isUnderstood =
                switch word {
                case .plain(let host): reader.add(host, to: &hosts)
                case .letter("f"): reader.take(&request.firstHop)
                case .letter("m"): reader.take(&request.maximumHops)
                case .letter("q"): reader.take(&request.probes)
                case .letter("w"): reader.take(&request.timeout)
                case .letter("N"): reader.take(&request.window)
                case .letter("s"): reader.take(&request.size)
                case .letter("p"): reader.take(&request.port)
                case .letter("i"): reader.take(&request.source)
                case .letter("I"): reader.set(&request.icmp)
                case .letter("U"): reader.set(&request.udp)
                case .letter("T"): reader.set(&request.tcp)
                case .letter("n"): reader.set(&request.numeric)
                case .letter("e"): reader.set(&request.showsExtensions)
                case .name("mtu"): reader.set(&request.findsMTU)
                case .name("classic"): reader.set(&request.classic)
                case .name("all-ways"): reader.set(&request.allWays)
                case .letter("4"): reader.set(&request.ipv4)
                case .letter("6"): reader.set(&request.ipv6)
                case .name("format"): reader.take(&request.format, TracerouteRequest.Format.init(rawValue:))
                default: false
                }
            guard isUnderstood else { return nil }
        }
        guard reader.isSound, hosts.count == 1, !(request.ipv4 && request.ipv6) else { return nil }
        request.host = hosts[0]
        return request
    }
}
