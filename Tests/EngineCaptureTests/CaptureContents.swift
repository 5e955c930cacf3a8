import Foundation
import Wire

/// What is in a capture file, read with our own reader.
struct CaptureContents {
    var interfaces: [CaptureInterface] = []
    var frames: [(interface: Int, timestamp: Int64, originalLength: Int, octets: [UInt8])] = []
    var secrets: [[UInt8]] = []
    var statistics: [InterfaceStatistics] = []

    init(of path: String) throws {
        var reader = CaptureReader()
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))).withUnsafeBytes { octets in
            try reader.consume(octets) { item in
                switch item {
                case .interface(let interface): interfaces.append(interface)
                case .frame(let frame):
                    frames.append((frame.interface, frame.timestamp, frame.originalLength, [UInt8](frame.bytes)))
                case .tlsSecrets(let keyLog): secrets.append([UInt8](keyLog))
                case .statistics(let counts): statistics.append(counts)
                }
            }
        }
        try reader.finish()
    }

    /// Frames that end in this text.
    func frames(ending text: String) -> Int {
        frames.count { $0.octets.suffix(text.utf8.count).elementsEqual(text.utf8) }
    }
}
