import Synchronization

/// What stays open on a host between steps, kept by the agent under the id of the step that opened it.
package final class HostResources: Sendable {
    private let open = Mutex<[String: any Sendable]>([:])

    package init() {}

    package func keep(_ resource: any Sendable, for step: String) {
        open.withLock { $0[step] = resource }
    }

    package func resource<Resource>(of step: String, as type: Resource.Type) -> Resource? {
        open.withLock { $0[step] as? Resource }
    }

    package func all<Resource>(_ type: Resource.Type) -> [Resource] {
        open.withLock { $0.sorted { $0.key < $1.key }.compactMap { $0.value as? Resource } }
    }

    package func remove(_ step: String) {
        open.withLock { _ = $0.removeValue(forKey: step) }
    }
}
