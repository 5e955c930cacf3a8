import SupportDiagnostics
import SupportYAML

/// Programs that listen on one port of one host at the same time: the second would not start.
struct PortChecks {
    let places: StepPlaces
    let world: WorldDefinition?
    let values: [String: Value]
    let problems: Problems

    private struct Listener: Hashable {
        let host: String
        let port: Int64
    }

    func verify(_ steps: [StepDefinition]) {
        var open: [Listener: String] = [:]
        for step in steps {
            switch step.kind {
            case "proxy":
                guard let listener = listener(of: step) else { continue }
                let place =
                    places.field("listen", of: step, shorthand: "listen")?.span
                    ?? places.node(of: step)?.mapping?.first { $0.key.text == step.kind }?.key.span ?? step.kindSpan
                if let other = open[listener] {
                    problems.report(
                        Diagnostic(
                            "step.port-taken",
                            "port \(listener.port) of \(shown(listener)) is taken: the step `\(other)` listens there",
                            at: place, help: ["stop `\(other)` before this step, or choose another port"]))
                } else if let service = service(listener) {
                    problems.report(
                        Diagnostic(
                            "step.port-taken",
                            "port \(listener.port) of \(shown(listener)) is taken: \(service) is there", at: place,
                            help: ["choose another port"]))
                } else {
                    open[listener] = step.id
                }
            case "stop":
                let stopped = Set(step.plan.values.flatMap(\.steps))
                open = open.filter { !stopped.contains($0.value) }
            default: break
            }
        }
    }

    private func listener(of step: StepDefinition) -> Listener? {
        guard let port = (try? step.plan["listen"]?.resolve(values))??.int else { return nil }
        return Listener(host: step.host, port: port)
    }

    private func shown(_ listener: Listener) -> String {
        listener.host.isEmpty ? "this machine" : "`\(listener.host)`"
    }

    /// What the world itself has on a host's port.
    private func service(_ listener: Listener) -> String? {
        guard let world else { return nil }
        if let service = world.services.first(where: { $0.host == listener.host && $0.port == Int(listener.port) }) {
            return "the service `\(service.name)`"
        }
        let sites = world.sites.filter { $0.host == listener.host }
        let site = sites.first { listener.port == 80 || (listener.port == 443 && $0.hasTLS) }
        return site.map { "the site `\($0.name)`" }
    }
}
