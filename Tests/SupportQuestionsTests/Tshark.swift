import Foundation

/// The real tshark with a capture of one TCP SYN, asked for its opinion of filters.
struct Tshark {
    static let path = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first(
        where: FileManager.default.isExecutableFile(atPath:))
    static let isMissing = "tshark is not installed"

    struct Answer {
        /// 0: accepted, 2: refused.
        let status: Int32
        let matches: Bool
    }

    private let folder: URL
    private let executable: String

    init?() throws {
        guard let path = Self.path else { return nil }
        executable = path
        folder = FileManager.default.temporaryDirectory.appending(path: "lab-questions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.capture).write(to: folder.appending(path: "tiny.pcap"))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func ask(_ filter: String) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["-n", "-r", folder.appending(path: "tiny.pcap").path, "-Y", filter]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Answer(status: process.terminationStatus, matches: !text.isEmpty)
    }

    /// A classic pcap file (little-endian, Ethernet) with one TCP SYN from 192.0.2.1:40000 to 192.0.2.2:443, captured one
    /// second after 1970 began.
    private static let capture: [UInt8] = {
        let header: [UInt8] = [
            0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0,
        ]
        let ethernet: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]
        let ip: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
        let tcp: [UInt8] = [0x9C, 0x40, 1, 0xBB, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xFF, 0xFF, 0, 0, 0, 0]
        let packet = ethernet + ip + tcp
        let length: [UInt8] = [UInt8(packet.count), 0, 0, 0]
        return header + [1, 0, 0, 0, 0, 0, 0, 0] + length + length + packet
    }()
}
