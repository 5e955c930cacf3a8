import Glibc
import SupportLinux
import Testing

@Suite("Files and folders")
struct FilesTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/lab-files-\(getpid())-\(Random.bytes(4).map(String.init).joined(separator: "."))"
        try Files.createDirectories(folder + "/a/b")
        defer { #expect(throws: Never.self) { try Files.removeTree(folder) } }
        try body(folder)
        try Files.removeTree(folder)
        #expect(Files.kind(of: folder) == nil)
    }

    @Test("a file is replaced whole, with its mode, and nothing is left beside it")
    func atomic() throws {
        try withFolder { folder in
            let path = folder + "/key"
            try Files.writeAtomically([1, 2], to: path, mode: 0o600)
            try Files.writeAtomically([3], to: path, mode: 0o640)
            #expect(try Files.read(path) == [3])
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
            #expect(try Files.list(folder).map(\.name) == ["a", "key"])
            #expect(throws: SystemError("open /no/such/folder/key", code: ENOENT)) {
                try Files.write([], to: "/no/such/folder/key")
            }
        }
    }

    @Test("kinds are told, links are followed only when removing would not")
    func kinds() throws {
        try withFolder { folder in
            let outside = folder + "-outside"
            try Files.createDirectories(outside)
            defer { rmdir(outside) }
            #expect(symlink(outside, folder + "/a/link") == 0)
            try Files.write([], to: folder + "/a/file")
            #expect(
                try Files.list(folder + "/a") == [
                    Files.Entry(name: "b", kind: .directory), Files.Entry(name: "file", kind: .file),
                    Files.Entry(name: "link", kind: .symbolicLink),
                ])
            #expect(try Files.destination(ofLink: folder + "/a/link") == outside)
            try Files.removeTree(folder + "/a")
            #expect(Files.kind(of: outside) == .directory)
        }
    }

    @Test("more than was allowed is not read")
    func limit() throws {
        #expect(throws: SystemError.self) { try Files.read("/dev/zero", limit: 100_000) }
    }

    @Test("a descriptor is closed once")
    func descriptor() throws {
        let (read, write) = try FileDescriptor.pipe()
        let number = write.number
        write.close()
        #expect(write.number == -1 && fcntl(number, F_GETFD) == -1 && errno == EBADF)
        write.close()
        #expect(try read.read(upTo: 1).isEmpty)
        let released = read.release()
        #expect(read.number == -1 && fcntl(released, F_GETFD) >= 0)
        close(released)
    }
}
