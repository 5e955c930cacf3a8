/// Something that takes bytes from strangers: it must not trap, hang, or use memory beyond reason, whatever they are.
///
/// A new target is a type of its own in this folder, an entry in `FuzzTargets.all` and a folder of seeds below
/// `Fixtures/Fuzzing`. `bin/fuzz NAME` then runs it with coverage, and the tests replay its corpus.
package protocol FuzzTarget: Sendable {
    /// One word, which names the corpus folder too.
    var name: String { get }
    /// Words that inputs are made of, such as keywords and names of fields.
    var dictionary: [String] { get }
    /// Inputs longer than this teach nothing.
    var longestInput: Int { get }
    /// Takes one input. What must always hold is a precondition: it ends the process, which is how a fuzzer sees it.
    func run(_ input: [UInt8])
}

package enum FuzzTargets {
    package static let all: [any FuzzTarget] = [QuestionTarget(), LabTarget()]

    package static func named(_ name: String) -> (any FuzzTarget)? { all.first { $0.name == name } }
}
