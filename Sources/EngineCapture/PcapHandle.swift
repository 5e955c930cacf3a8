import CPcap
import Glibc

/// One interface opened by libpcap. Everything but opening happens on the capture's thread.
final class PcapHandle {
    private let pcap: UnsafePointer<lab_pcap>
    private let handle: OpaquePointer
    let name: String
    /// Octets to keep of a frame.
    let snapLength: Int

    private init(_ pcap: UnsafePointer<lab_pcap>, _ handle: OpaquePointer, name: String, snapLength: Int) {
        self.pcap = pcap
        self.handle = handle
        self.name = name
        self.snapLength = snapLength
    }

    deinit { pcap.pointee.close(handle) }

    /// Opens and activates; the socket belongs to the calling thread's network namespace.
    static func open(_ name: String, _ configuration: CaptureConfiguration) throws(CaptureFailure) -> PcapHandle {
        guard let pcap = lab_pcap_library() else { throw .interface(name, reason: missing) }
        var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let raw = pcap.pointee.create(name, &buffer) else {
            throw .interface(name, reason: text(buffer))
        }
        let handle = PcapHandle(pcap, raw, name: name, snapLength: min(max(1, configuration.snapLength), 262_144))
        // The kernel's ring rounds small lengths down by a few octets, so it gets some more; the writer cuts.
        _ = pcap.pointee.set_snaplen(raw, Int32(clamping: handle.snapLength + 32))
        _ = pcap.pointee.set_promisc(raw, configuration.isPromiscuous && name != "any" ? 1 : 0)
        _ = pcap.pointee.set_immediate_mode(raw, configuration.isImmediate ? 1 : 0)
        _ = pcap.pointee.set_timeout(raw, blockTimeout)
        _ = pcap.pointee.set_buffer_size(raw, Int32(clamping: max(1 << 16, configuration.bufferSize)))
        _ = pcap.pointee.set_tstamp_precision(raw, Int32(PCAP_TSTAMP_PRECISION_NANO))
        try handle.activated(pcap.pointee.activate(raw))
        // The newer cooked header also names the interface of each frame.
        if pcap.pointee.datalink(raw) == DLT_LINUX_SLL { _ = pcap.pointee.set_datalink(raw, DLT_LINUX_SLL2) }
        if pcap.pointee.setnonblock(raw, 1, &buffer) != 0 { throw .interface(name, reason: text(buffer)) }
        if let filter = configuration.filter, !filter.isEmpty { try handle.compile(filter, install: true) }
        return handle
    }

    /// What to say of a machine without the library.
    static let missing = "libpcap is not installed on this machine (Debian: apt-get install libpcap0.8)"

    /// Not open on anything: for compiling filters.
    static func dead() throws(CaptureFailure) -> PcapHandle {
        guard let pcap = lab_pcap_library() else { throw .interface("nothing", reason: missing) }
        guard let raw = pcap.pointee.open_dead(DLT_EN10MB, 262_144) else {
            throw .interface("nothing", reason: "libpcap gave no memory")
        }
        return PcapHandle(pcap, raw, name: "nothing", snapLength: 262_144)
    }

    /// Milliseconds after which the kernel hands over a block that is not full, outside immediate mode.
    static let blockTimeout: Int32 = 20

    private func activated(_ status: Int32) throws(CaptureFailure) {
        guard status < 0 else { return }
        switch status {
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: throw .notPermitted(interface: name)
        case PCAP_ERROR_NO_SUCH_DEVICE: throw .noSuchInterface(name, existing: CaptureInterfaces.names())
        case PCAP_ERROR_IFACE_NOT_UP: throw .interfaceDown(name)
        default: throw failure()
        }
    }

    func compile(_ filter: String, install: Bool) throws(CaptureFailure) {
        var program = bpf_program()
        guard pcap.pointee.compile(handle, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .invalidFilter(filter, reason: lastError)
        }
        defer { pcap.pointee.freecode(&program) }
        if install, pcap.pointee.setfilter(handle, &program) != 0 { throw failure() }
    }

    private var lastError: String {
        pcap.pointee.geterr(handle).map { String(cString: $0) } ?? "libpcap gives no reason"
    }
    private func failure() -> CaptureFailure { .interface(name, reason: lastError) }

    /// To be polled for reading.
    var descriptor: Int32 { pcap.pointee.get_selectable_fd(handle) }

    /// The number that capture files give the link type; libpcap's own differs for raw IP.
    var linkType: UInt16 {
        let type = pcap.pointee.datalink(handle)
        return type == DLT_RAW ? 101 : UInt16(clamping: type)
    }

    /// Whether stamps are nanoseconds; otherwise microseconds.
    private lazy var hasNanoseconds = pcap.pointee.get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO

    /// Hands over what the kernel has ready, without waiting; how many frames it was.
    func dispatch(_ body: (_ octets: UnsafeRawBufferPointer, _ timestamp: Int64, _ length: Int) -> Void)
        throws(CaptureFailure) -> Int
    {
        let scale: Int64 = hasNanoseconds ? 1 : 1_000
        return try withoutActuallyEscaping(body) { body throws(CaptureFailure) in
            var visitor = PcapVisitor(body: body, scale: scale)
            let count = withUnsafeMutablePointer(to: &visitor) { visitor in
                pcap.pointee.dispatch(
                    handle, -1,
                    { context, header, octets in
                        guard let context, let header = header?.pointee, let octets else { return }
                        let visitor = UnsafeRawPointer(context).assumingMemoryBound(to: PcapVisitor.self)
                        visitor.pointee.visit(header, octets)
                    }, UnsafeMutableRawPointer(visitor).assumingMemoryBound(to: UInt8.self))
            }
            guard count >= 0 || count == PCAP_ERROR_BREAK else { throw failure() }
            return Int(max(0, count))
        }
    }

    /// Nil when the kernel does not tell, as after the interface went away.
    func statistics() -> (received: UInt64, droppedByKernel: UInt64, droppedByInterface: UInt64)? {
        var counts = pcap_stat()
        guard pcap.pointee.stats(handle, &counts) == 0 else { return nil }
        return (UInt64(counts.ps_recv), UInt64(counts.ps_drop), UInt64(counts.ps_ifdrop))
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// What libpcap's callback calls; it lives on the stack of one dispatch.
private struct PcapVisitor {
    let body: (UnsafeRawBufferPointer, Int64, Int) -> Void
    let scale: Int64

    func visit(_ header: pcap_pkthdr, _ octets: UnsafePointer<UInt8>) {
        let stamp = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec) &* scale
        body(UnsafeRawBufferPointer(start: octets, count: Int(header.caplen)), stamp, Int(header.len))
    }
}
