import Wire

/// How far a TCP connection is for somebody who watches it pass: the states and steps of Linux
/// (net/netfilter/nf_conntrack_proto_tcp.c). Sequence numbers are not looked at.
enum TCPTracking: Int, Sendable {
    case none
    case synSent
    case synReceived
    case established
    case finWait
    case closeWait
    case lastAck
    case timeWait
    case closed
    /// Both ends began at once.
    case synSentTwice

    enum Step: Equatable {
        case to(TCPTracking)
        /// It changes nothing.
        case ignored
        case invalid
    }

    /// Rows of what comes (SYN, SYN and ACK, FIN, ACK, RST), columns of where the connection is, in the order of the cases;
    /// `i` stands for ignored, `-` for invalid. A connection begins with a SYN alone, as with nf_conntrack_tcp_loose=0.
    private static let there = ["11iiiii119", "--2------2", "--4466678-", "--3355778-", "-888888888"].map {
        Array($0.utf8)
    }
    private static let back = ["-9-----1-9", "-2iiiiiii2", "--4466678-", "-i2355778i", "-888888888"].map {
        Array($0.utf8)
    }

    /// What a segment does to the connection; `isAnswer`: it comes from the end that was asked.
    func after(_ flags: TCPHeader.Flags, isAnswer: Bool) -> Step {
        guard let row = TCPTracking.row(flags) else { return .invalid }
        switch (isAnswer ? TCPTracking.back : TCPTracking.there)[row][rawValue] {
        case UInt8(ascii: "i"): return .ignored
        case UInt8(ascii: "-"): return .invalid
        case let digit: return TCPTracking(rawValue: Int(digit) - 48).map { .to($0) } ?? .invalid
        }
    }

    /// Nil for flags that no end of a connection sets together.
    private static func row(_ flags: TCPHeader.Flags) -> Int? {
        let telling = flags.intersection([.syn, .ack, .fin, .rst])
        switch telling {
        case .syn: return 0
        case [.syn, .ack]: return 1
        case [.fin, .ack]: return 2
        case .ack: return 3
        case .rst, [.rst, .ack]: return 4
        default: return nil
        }
    }

    /// How long the connection is remembered when nothing more comes, in nanoseconds: the nf_conntrack_tcp_timeout_* of Linux.
    var timeout: Int64 {
        let seconds: Int64 =
            switch self {
            case .none, .synSent, .finWait, .timeWait, .synSentTwice: 120
            case .synReceived, .closeWait: 60
            case .established: 432_000
            case .lastAck: 30
            case .closed: 10
            }
        return seconds * 1_000_000_000
    }
}
