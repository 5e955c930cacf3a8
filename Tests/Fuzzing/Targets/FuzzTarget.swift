/// Something that takes bytes from strangers: it must not trap, hang, or use memory beyond reason, whatever they are.
///
/// A new target is a type of its own below this folder, an entry in `FuzzTargets.all` and a folder of seeds below
/// `Fixtures/Fuzzing`. `bin/fuzz NAME` then runs it with coverage, and the tests replay its corpus.
package protocol FuzzTarget: Sendable {
    /// One word, which names the corpus folder too.
    var name: String { get }
    /// Words that inputs are made of, such as keywords and names of fields. Of a target that reads octets, a character is
    /// the octet of its number.
    var dictionary: [String] { get }
    /// Inputs longer than this teach nothing.
    var longestInput: Int { get }
    /// Takes one input. What must always hold is a precondition: it ends the process, which is how a fuzzer sees it.
    func run(_ input: [UInt8])
    /// One change that keeps some of the input's structure; nil where the target knows none.
    func change(_ input: [UInt8], _ random: inout Mutations) -> [UInt8]?
}

extension FuzzTarget {
    package func change(_ input: [UInt8], _ random: inout Mutations) -> [UInt8]? { nil }

    /// The dictionary as octets.
    package var words: [[UInt8]] {
        dictionary.map { word in
            let isText = self is LabTarget || self is QuestionTarget
            return isText ? Array(word.utf8) : word.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        }
    }
}

package enum FuzzTargets {
    package static let all: [any FuzzTarget] = [
        QuestionTarget(), LabTarget(kinds: SampleKinds.all),
        PacketTarget(), ICMPTarget(), ReplyTarget(), PingTarget(), TraceTarget(),
        DNSTarget(), TLSTarget(), KeyLogTarget(), QUICTarget(),
        HTTP1Target(), HTTP2Target(), HPACKTarget(), HTTP3Target(), ContentTarget(), WebSocketTarget(), CaptureTarget(),
    ]

    package static func named(_ name: String) -> (any FuzzTarget)? { all.first { $0.name == name } }
}
