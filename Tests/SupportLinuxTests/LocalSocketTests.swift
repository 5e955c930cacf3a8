import Foundation
import LabTestSupport
import SupportLinux
import Testing

@Suite("Local sockets")
struct LocalSocketTests {
    @Test("a name in a folder is listened at and connected to, however long the folder's path is")
    func longPath() throws {
        let folder = TemporaryFolder()
        let deep = folder.path + "/" + String(repeating: "long/", count: 60) + "end"
        try Files.createDirectories(deep)
        let open = try FileDescriptor.open(deep, O_RDONLY | O_DIRECTORY)
        #expect(!LocalSocket.isListening(in: open, name: "socket"))
        let listener = try LocalSocket.listen(in: open, name: "socket")
        #expect(Files.permissions(of: deep + "/socket") == 0o600)
        #expect(LocalSocket.isListening(in: open, name: "socket"))
        let client = try LocalSocket.connect(in: open, name: "socket")
        // The first in the queue is the one that only looked.
        let looked = try StreamSocket.accept(from: listener)
        #expect(try looked.read(upTo: 1) == [])
        let accepted = try StreamSocket.accept(from: listener)
        try client.write([42])
        #expect(try accepted.read(upTo: 1) == [42])
        #expect(throws: SystemError.self) { try LocalSocket.listen(in: open, name: "socket") }
        listener.close()
        #expect(!LocalSocket.isListening(in: open, name: "socket"))
        #expect { try LocalSocket.connect(in: open, name: "socket") } throws: {
            ($0 as? SystemError)?.code == ECONNREFUSED
        }
    }
}
