import SupportDiagnostics
import SupportYAML

/// Programs that listen on one port of one host at the same time: the second would not start.
struct PortChecks {
    let places: StepPlaces
    let world: WorldDefinition?
    let declarations: Declarations
    let problems: Problems

    private struct Listener: Hashable {
        let host: String
        let port: Int64
    }

    /// Who has a port, and what may have given it back since.
    private struct Holder {
        let step: StepDefinition
        var stops: [StepDefinition] = []
    }

    /// A file in which more than this many pairs of steps have to be compared is not compared further.
    private static let mostComparisons = 10_000

    func verify(_ steps: [StepDefinition]) {
        guard steps.contains(where: { $0.kind == "proxy" }) else { return }
        let runs = Coexistence(steps, declarations)
        var open: [Listener: [Holder]] = [:]
        var comparisons = 0
        let values = declarations.values
        for step in steps {
            switch step.kind {
            case "proxy":
                guard let listener = listener(of: step, values) else { continue }
                let holders = open[listener, default: []]
                comparisons += holders.count
                guard comparisons <= Self.mostComparisons else { return }
                let taken = holders.first { runs.isPossible(taking: [$0.step, step], skipping: $0.stops) }
                if let taken {
                    report(
                        listener, of: step, taken: "the step `\(taken.step.id)` listens there",
                        help: "stop `\(taken.step.id)` before this step, or choose another port")
                } else if let service = service(listener) {
                    report(listener, of: step, taken: "\(service) is there", help: "choose another port")
                } else {
                    open[listener, default: []].append(Holder(step: step))
                }
            case "stop":
                let stopped = Set(step.plan.values.flatMap(\.steps))
                for (listener, holders) in open where holders.contains(where: { stopped.contains($0.step.id) }) {
                    open[listener] = holders.compactMap { holder in
                        guard stopped.contains(holder.step.id) else { return holder }
                        var rest = holder
                        rest.stops.append(step)
                        return step.conditions.isEmpty ? nil : rest
                    }
                }
            default: break
            }
        }
    }

    private func report(_ listener: Listener, of step: StepDefinition, taken by: String, help: String) {
        let place =
            places.field("listen", of: step, shorthand: "listen")?.span
            ?? places.node(of: step)?.mapping?.first { $0.key.text == step.kind }?.key.span ?? step.kindSpan
        problems.report(
            Diagnostic(
                "step.port-taken", "port \(listener.port) of \(shown(listener)) is taken: \(by)", at: place,
                help: [help]))
    }

    private func listener(of step: StepDefinition, _ values: [String: Value]) -> Listener? {
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
