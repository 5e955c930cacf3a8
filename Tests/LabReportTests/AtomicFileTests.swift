import Foundation
import Glibc
import LabReport
import Testing

@Suite("Reports are put in place in one go") struct AtomicFileTests {
    @Test("A new file holds the bytes and leaves no neighbour")
    func new() throws {
        try inFolder { folder in
            try AtomicFile.write([1, 2, 3], to: folder + "/a")
            #expect(FileManager.default.contents(atPath: folder + "/a") == Data([1, 2, 3]))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
        }
    }

    @Test("An old file is replaced and keeps its permissions, and a link to it stays a link")
    func replaced() throws {
        try inFolder { folder in
            let path = folder + "/a"
            try AtomicFile.write([1], to: path)
            chmod(path, 0o600)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "a")
            try AtomicFile.write([2], to: folder + "/link")
            #expect(FileManager.default.contents(atPath: path) == Data([2]))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "a")
            var status = stat()
            stat(path, &status)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test("A device is written to, never replaced")
    func device() throws {
        try AtomicFile.write([1], to: "/dev/null")
        var status = stat()
        stat("/dev/null", &status)
        #expect(status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("A folder that is missing and a folder in the place of the file are told apart")
    func refused() throws {
        try inFolder { folder in
            #expect(throws: AtomicFileError(path: folder + "/no/a", doing: .creating, code: ENOENT)) {
                try AtomicFile.write([1], to: folder + "/no/a")
            }
            #expect(throws: AtomicFileError(path: folder, doing: .creating, code: EISDIR)) {
                try AtomicFile.write([1], to: folder)
            }
        }
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/lab-report-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let folder = String(cString: made)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }
}
