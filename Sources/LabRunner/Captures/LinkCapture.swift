import SupportLinux
import Wire

/// The capture of a link as people get it: in the order of time, up to now.
///
/// The network walks a packet through all links at once, so its own file has packets that are still to come.
enum LinkCapture {
    private struct Frame {
        let interface: Int
        let timestamp: Int64
        let bytes: [UInt8]
    }

    /// The file's frames up to `now`, nanoseconds since 1970, sorted; nil for bytes that are no capture.
    static func sorted(_ bytes: [UInt8], until now: Int64) -> [UInt8]? {
        var reader = CaptureReader()
        var writer = CaptureWriter()
        var frames: [Frame] = []
        let isRead = bytes.withUnsafeBytes { octets in
            let read: Void? = try? reader.consume(octets) { item in
                switch item {
                case .interface(let interface): _ = writer.addInterface(interface)
                case .frame(let frame) where frame.timestamp <= now:
                    frames.append(
                        Frame(interface: frame.interface, timestamp: frame.timestamp, bytes: Array(frame.bytes)))
                default: break
                }
            }
            return read != nil
        }
        guard isRead else { return nil }
        // Of two at one time the one that was decided about first is first.
        for (_, frame) in frames.enumerated().sorted(by: {
            ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset)
        }) { writer.frame(frame.bytes, interface: frame.interface, timestamp: frame.timestamp) }
        return writer.drain()
    }
}
