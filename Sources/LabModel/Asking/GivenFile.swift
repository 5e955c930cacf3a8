/// A file that is handed in, by what the key or a student's folder says of it.
package enum GivenFile {
    /// The largest file that may be handed in, in bytes.
    package static let largest: Int64 = 64 << 20

    /// Whether a name stays in the folder that is handed in: `notes.txt`, `src/main.c`; not absolute, nothing in it that
    /// leads up or cannot be seen.
    package static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return RunFolder.isInside(name) && name.utf8.count <= 255
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
