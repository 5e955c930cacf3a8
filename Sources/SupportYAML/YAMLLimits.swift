/// How large a document may be before reading it stops, so that no file can exhaust the machine.
package struct YAMLLimits: Sendable, Hashable {
    package var bytes = 10 * 1024 * 1024
    package var depth = 64
    /// Nodes after every alias has been replaced by what it names.
    package var nodes = 200_000
    /// Problems told of one document; a broken file tends to be broken in the same way everywhere.
    package var problems = 50

    package init() {}
}
