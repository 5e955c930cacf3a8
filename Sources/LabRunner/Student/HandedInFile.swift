import LabModel
import SupportLinux

/// A file of the folder that is handed in.
enum HandedInFile {
    /// - Throws: `StepFailure` by whose fault it cannot be taken.
    static func read(_ name: String, in folder: String, limit: Int) throws(StepFailure) -> [UInt8]? {
        do {
            return try ConfinedFile.read(name, in: folder, limit: limit)
        } catch {
            switch error {
            case .link(let part):
                throw StepFailure(
                    .subject, "`\(part)` of `\(name)` is a symbolic link, which is not followed",
                    help: "hand in the file itself")
            case .notPlain:
                throw StepFailure(.subject, "`\(name)` is no file", help: "hand in a file of this name")
            case .tooLarge(let limit):
                throw StepFailure(
                    .subject, "`\(name)` is larger than \(Plural.count(limit, "byte", "bytes"))",
                    help: "hand in a smaller file")
            case .unreadable(let problem):
                throw StepFailure(.subject, "`\(name)` cannot be read: \(problem)", help: "make it readable to you")
            }
        }
    }
}
