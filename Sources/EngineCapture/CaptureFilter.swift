import Glibc

/// The language of capture filters, pcap-filter(7).
package enum CaptureFilter {
    /// libpcap's complaint about a filter on Ethernet; nil when it takes it. Names in it may be looked up.
    package static func complaint(about filter: String) -> String? {
        do throws(CaptureFailure) {
            try PcapHandle.dead().compile(filter, install: false)
            return nil
        } catch {
            switch error {
            case .invalidFilter(_, let reason), .interface(_, let reason): return reason
            default: return error.message
            }
        }
    }
}

/// The interfaces of the calling thread's network namespace.
package enum CaptureInterfaces {
    /// Their names in the kernel's order.
    package static func names() -> [String] {
        guard let list = if_nameindex() else { return [] }
        defer { if_freenameindex(list) }
        var names: [String] = []
        var entry = list
        while let name = entry.pointee.if_name {
            names.append(String(cString: name))
            entry += 1
        }
        return names
    }
}
