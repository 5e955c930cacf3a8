import SupportDiagnostics
import SupportYAML
import Synchronization

/// Files of a lab that is loaded many times, for one student after the other: each is read and parsed once.
final class KnownFiles: Sendable {
    private let sources = Mutex<[String: SourceFile?]>([:])
    private let documents = Mutex<[String: YAMLNode]>([:])

    func source(_ path: String, _ read: () -> SourceFile?) -> SourceFile? {
        if let known = sources.withLock({ $0[path] }) { return known }
        let file = read()
        sources.withLock { $0[path] = .some(file) }
        return file
    }

    func document(of file: SourceFile, _ read: () -> YAMLNode?) -> YAMLNode? {
        if let known = documents.withLock({ $0[file.name] }) { return known }
        guard let root = read() else { return nil }
        documents.withLock { $0[file.name] = root }
        return root
    }
}

extension LabLoader {
    /// The same for many students of a lab that was found good for one. What a lab says is the same for all of them, and is
    /// not looked at again: its texts, and what lint finds by thinking. What their values come to is: types, ranges,
    /// addresses that collide, and whether everything can be read at all.
    package var forVariants: LabLoader {
        LabLoader(
            catalogue: catalogue, sharedTables: sharedTables, readFile: readFile, fileSize: fileSize,
            listFolder: listFolder, isInside: isInside, known: KnownFiles())
    }

    /// The root of a file's document.
    func document(_ file: SourceFile, _ problems: Problems) -> YAMLNode? {
        guard let known else { return YAMLDocument.read(file, problems: problems) }
        return known.document(of: file) { YAMLDocument.read(file, problems: problems) }
    }
}
