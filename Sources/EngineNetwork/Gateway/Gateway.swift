import CLinux
import Glibc
import Synchronization
import Wire

/// The emulated network on a real clock: packet sockets on the far ends of the hosts' interfaces, and the model between them.
///
/// One thread reads frames, asks the model, and writes what is due at its deadline, which counts from the kernel's arrival stamp.
package final class Gateway: Sendable {
    /// One attached host: the interface of the current network namespace whose peer is the host's own.
    package struct Port: Sendable, Hashable {
        package let host: String
        package let interfaceIndex: Int32

        package init(host: String, interfaceIndex: Int32) {
            self.host = host
            self.interfaceIndex = interfaceIndex
        }
    }

    private let model: NetworkModel
    private let sockets: [PortSocket]
    private let waitSet: Int32
    private let bell: Int32
    private static let bellTag = UInt64.max
    /// Rung when there is something to do between two frames.
    private let notice: Int32
    private static let noticeTag = UInt64.max - 1
    private let requests = Mutex<[@Sendable (inout GatewayService) -> Void]>([])
    /// How many packets that came to grief are remembered.
    private static let fateLimit = 256

    /// Opens the sockets in the network namespace of the calling thread, so that nothing is lost from here on.
    package init(topology: Topology, seed: UInt64, ports: [Port]) throws(GatewayError) {
        var model = NetworkModel(topology, seed: seed, start: lab_clock_monotonic())
        model.fateLimit = Gateway.fateLimit
        self.model = model
        var sockets: [PortSocket] = []
        for port in ports {
            guard let host = model.index(ofHost: port.host), topology.hosts[host].kind == .namespace else {
                throw .unknownHost(port.host)
            }
            guard !sockets.contains(where: { $0.host == host }) else { throw .twoPorts(host: port.host) }
            sockets.append(try PortSocket(host: host, port))
        }
        self.sockets = sockets
        waitSet = lab_wait_open()
        bell = lab_bell_open()
        notice = lab_bell_open()
        guard waitSet >= 0, bell >= 0, notice >= 0, lab_wait_add(waitSet, bell, Gateway.bellTag) == 0,
            lab_wait_add(waitSet, notice, Gateway.noticeTag) == 0
        else {
            throw .waiting(code: errno)
        }
        for (index, socket) in sockets.enumerated() {
            guard lab_wait_add(waitSet, socket.descriptor, UInt64(index)) == 0 else { throw .waiting(code: errno) }
        }
    }

    deinit {
        close(waitSet)
        close(bell)
        close(notice)
    }

    /// Serves until ``stop()``; blocks the calling thread, which should be one of its own.
    package func run() {
        lab_timer_slack(1)
        var service = GatewayService(model: model, sockets: sockets)
        if let tap = tap.withLock({ $0 }) { service.open(tap) }
        var tags = [UInt64](repeating: 0, count: 64)
        while true {
            let timeout = service.writeDue(now: lab_clock_monotonic())
            let ready = lab_wait(waitSet, &tags, Int32(tags.count), timeout ?? -1)
            guard ready >= 0 else { return }
            for tag in tags.prefix(Int(ready)) {
                // The bell stays rung, so that a second run() ends at once.
                if tag == Gateway.bellTag { return }
                guard tag != Gateway.noticeTag else {
                    fulfil(for: &service)
                    continue
                }
                service.read(Int(tag))
            }
        }
    }

    /// Changes the network that runs; `made` is called on its thread once packets see the change. What is under way on a link
    /// that goes down has left its router already, and arrives. May be called from any thread.
    package func apply(_ change: NetworkChange, made: @escaping @Sendable () -> Void) {
        request { service in
            service.apply(change)
            made()
        }
    }

    /// Takes what became of the newest packets that a host sent or should have got, and that came to grief; `given` is called
    /// on the network's thread. May be called from any thread.
    package func takeFates(ofHost host: String, given: @escaping @Sendable ([PacketFate]) -> Void) {
        request { service in given(service.takeFates(ofHost: host)) }
    }

    private func request(_ body: @escaping @Sendable (inout GatewayService) -> Void) {
        requests.withLock { $0.append(body) }
        lab_bell_ring(notice)
    }

    private func fulfil(for service: inout GatewayService) {
        lab_bell_silence(notice)
        let pending = requests.withLock { requests in
            defer { requests.removeAll() }
            return requests
        }
        for request in pending { request(&service) }
    }

    /// What ``run()`` is to watch.
    private let tap = Mutex<LinkTap?>(nil)

    /// Has links watched; to be called before ``run()``.
    package func watch(_ tap: LinkTap) { self.tap.withLock { $0 = tap } }

    /// Ends ``run()``, or keeps it from starting; may be called from any thread, more than once.
    package func stop() { lab_bell_ring(bell) }
}
