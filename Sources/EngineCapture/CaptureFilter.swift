import CPcap
import Glibc

/// The language of capture filters, pcap-filter(7).
package enum CaptureFilter {
    /// libpcap's complaint about a filter on Ethernet; nil when it takes it. Names in it may be looked up.
    package static func complaint(about filter: String) -> String? {
        guard let handle = PcapHandle.dead() else { return "libpcap gave no memory" }
        do throws(CaptureFailure) {
            try handle.compile(filter, install: false)
            return nil
        } catch {
            if case .invalidFilter(_, let reason) = error { return reason }
            return error.message
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
