import SupportQuestions

/// The frame under dissection: what every layer adds its fields to.
///
/// A class, since layers of several connections hold on to it; there is one for a whole capture. One thread dissects, and no
/// value is computed out of what it is stored in: checks of that for every field would take longer than most fields.
final class CurrentFrame {
    let wanted: FrameFieldSet
    let wantsSummary: Bool
    private let wantsProtocols: Bool
    @exclusivity(unchecked) private(set) var row = Row()
    @exclusivity(unchecked) private(set) var number = 0
    /// Nanoseconds since 1970.
    @exclusivity(unchecked) private(set) var time: Int64 = 0
    private var firstTime: Int64 = 0
    private var lastTime: Int64 = 0
    /// How often each protocol has occurred in the frame, by the position of its field.
    @exclusivity(unchecked) private var layers = [Int](repeating: 0, count: FrameField.allCases.count)
    private var length = 0
    private var protocols: [String] = []
    // The columns of the summary, set by the innermost layer that knows better.
    var source = ""
    var destination = ""
    var protocolName = ""
    private var info: [String] = []

    init(wanted: FrameFieldSet, wantsSummary: Bool) {
        self.wanted = wanted
        self.wantsSummary = wantsSummary
        wantsProtocols = wanted.contains(.frameProtocols)
    }

    func begin(time: Int64, length: Int) {
        row.removeAll(keepingCapacity: true)
        number += 1
        if number == 1 { firstTime = time }
        lastTime = number == 1 ? time : self.time
        for index in layers.indices { layers[index] = 0 }
        self.time = time
        self.length = length
        if wantsProtocols { protocols.removeAll(keepingCapacity: true) }
        if wantsSummary {
            (source, destination, protocolName) = ("", "", "")
            info.removeAll(keepingCapacity: true)
        }
    }

    var timeSinceFirst: Int64 { time &- firstTime }
    var timeSinceLast: Int64 { time &- lastTime }

    @inline(__always)
    func add(_ field: FrameField, _ value: @autoclosure () -> FieldValue) {
        guard wanted.contains(field) else { return }
        row.append(value(), at: field.rawValue, layer: max(1, layers[FrameField.protocols[field.rawValue]]))
    }

    /// A protocol was dissected in this frame. Says nothing twice of a protocol for which `once` is given.
    func enter(_ field: FrameField, _ name: String?, once: Bool = false) {
        let home = FrameField.protocols[field.rawValue]
        if !once || layers[home] == 0 { layers[home] += 1 }
        if wanted.contains(field), !once || row.first(at: field.rawValue) == nil {
            row.append(.label, at: field.rawValue, layer: layers[home])
        }
        if wantsProtocols, let name, !once || !protocols.contains(name) { protocols.append(name) }
    }

    /// A name in `frame.protocols` without a field of its own, such as `ethertype`.
    func name(_ text: String) {
        if wantsProtocols { protocols.append(text) }
    }

    func describe(_ protocolName: String, _ text: @autoclosure () -> String) {
        guard wantsSummary else { return }
        if self.protocolName != protocolName {
            // A ServerHello says which version of TLS its frame speaks; what was read before it belongs to the line.
            let isSameProtocol = self.protocolName.hasPrefix("TLS") && protocolName.hasPrefix("TLS")
            self.protocolName = protocolName
            if !isSameProtocol { info.removeAll(keepingCapacity: true) }
        }
        info.append(text())
    }

    func end() -> FrameSummary? {
        if wantsProtocols { row.append(.string(protocols.joined(separator: ":")), at: FrameField.frameProtocols.slot) }
        guard wantsSummary else { return nil }
        return FrameSummary(
            number: number, time: timeSinceFirst, source: source, destination: destination,
            protocolName: protocolName, length: length, info: info.joined(separator: ", "))
    }
}
