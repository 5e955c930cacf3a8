/// What to capture, and into which file.
package struct CaptureConfiguration: Sendable, Hashable {
    /// Names of interfaces, captured together into one file; `any` stands for all that the network namespace has.
    package var interfaces: [String]
    /// The pcapng file; one that exists is written anew.
    package var file: String
    /// In the language of pcap-filter(7); nil takes every frame.
    package var filter: String?
    /// Octets kept of a frame, at most 262 144.
    package var snapLength: Int
    package var isPromiscuous: Bool
    /// Hand frames over as they come. Without it the kernel gathers blocks, which costs less and comes later, and
    /// ``Capture/drain()`` waits as long as a block may take.
    package var isImmediate: Bool
    /// Octets of the kernel's ring, for each interface.
    package var bufferSize: Int

    package init(
        interfaces: [String], file: String, filter: String? = nil, snapLength: Int = 262_144,
        isPromiscuous: Bool = false, isImmediate: Bool = true, bufferSize: Int = 64 << 20
    ) {
        self.interfaces = interfaces
        self.file = file
        self.filter = filter
        self.snapLength = snapLength
        self.isPromiscuous = isPromiscuous
        self.isImmediate = isImmediate
        self.bufferSize = bufferSize
    }
}

/// What a capture has counted so far.
package struct CaptureStatistics: Sendable, Hashable {
    package struct Interface: Sendable, Hashable {
        package var name: String
        /// Frames that passed the filter and are in the file.
        package var written: UInt64
        /// Frames that the kernel saw pass the filter, dropped ones included; on loopback it counts each one twice.
        package var received: UInt64
        /// Frames lost because the ring was full.
        package var droppedByKernel: UInt64
        /// Frames lost by the interface or its driver.
        package var droppedByInterface: UInt64
        /// Why the capture ended early on this interface; nil while it goes on, or when it was stopped.
        package var failure: CaptureFailure?
    }

    /// In the order of the configuration, which is that of the file's interface blocks.
    package var interfaces: [Interface]
    /// Octets in the file.
    package var fileSize: UInt64

    package var written: UInt64 { interfaces.reduce(0) { $0 &+ $1.written } }
    package var dropped: UInt64 { interfaces.reduce(0) { $0 &+ $1.droppedByKernel &+ $1.droppedByInterface } }
}

/// What happens during a capture, told on the capture's own thread.
package enum CaptureEvent: Sendable, Hashable {
    /// An interface went away, or can no longer be read; the others go on.
    case interfaceFailed(CaptureFailure)
    /// The file cannot be written; frames are counted as received, and no more.
    case fileFailed(CaptureFailure)
    case stopped(CaptureStatistics)
}

/// Why a capture cannot start or go on.
package enum CaptureFailure: Error, Sendable, Hashable {
    /// The process may not read frames here.
    case notPermitted(interface: String)
    case noSuchInterface(String, existing: [String])
    case interfaceDown(String)
    /// libpcap's own words for what it does not take.
    case invalidFilter(String, reason: String)
    case interface(String, reason: String)
    case file(String, reason: String)
    case noInterface
    /// The capture was stopped before.
    case stopped

    /// For people: whose fault it is, and what to do next.
    package var message: String {
        switch self {
        case .notPermitted(let interface):
            "capturing on \(interface) needs the capability CAP_NET_RAW, which this process does not have: run inside a "
                + "lab's world, or as root, or give the binary the right with `setcap cap_net_raw+ep`"
        case .noSuchInterface(let name, let existing):
            "there is no interface \(name) here; "
                + (existing.isEmpty ? "there is none at all" : "there are \(existing.joined(separator: ", ")) and any")
        case .interfaceDown(let name): "the interface \(name) is down: bring it up before capturing on it"
        case .invalidFilter(let filter, let reason):
            "the capture filter `\(filter)` is not in the language of pcap-filter: \(reason); display filters such as "
                + "`tcp.port == 80` are another language, here it is `tcp port 80`"
        case .interface(let name, let reason): "the capture on \(name) failed: \(reason)"
        case .file(let path, let reason): "the capture cannot be written to \(path): \(reason)"
        case .noInterface: "a capture needs at least one interface; `any` stands for all"
        case .stopped: "the capture was stopped already"
        }
    }
}
