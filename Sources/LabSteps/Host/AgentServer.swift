import LabModel
import SupportLinux

/// The process that opens sockets on a host of a world: takes operations from the runner, gives back outcomes.
package struct AgentServer: Sendable {
    private let channel: MessageChannel
    private let introduction: AgentMessage.Introduction
    private let resources = HostResources()
    /// One queue for all that goes to the runner, so that what happened first arrives first.
    private let outbox: AsyncStream<AgentMessage.Reply>.Continuation

    /// Serves until the runner closes the channel.
    package static func serve(_ channel: MessageChannel) async throws {
        guard let first = await channel.receive() else { return }
        let introduction = try JSON.decode(AgentMessage.Introduction.self, from: first.bytes)
        let (replies, outbox) = AsyncStream.makeStream(of: AgentMessage.Reply.self)
        let sender = Task {
            for await reply in replies {
                guard let bytes = try? JSON.encode(reply) else { continue }
                // The runner is gone when this fails, and the agent with it.
                try? await channel.send(bytes)
            }
        }
        await AgentServer(channel: channel, introduction: introduction, outbox: outbox).serve()
        outbox.finish()
        await sender.value
    }

    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            while let message = await channel.receive() {
                guard let request = try? JSON.decode(AgentMessage.Request.self, from: message.bytes) else { continue }
                group.addTask { await answer(request, message.descriptors) }
            }
            group.cancelAll()
        }
    }

    private func answer(_ request: AgentMessage.Request, _ descriptors: [FileDescriptor]) async {
        let reply: AgentMessage.Reply
        do {
            reply = .done(id: request.id, try await perform(request, descriptors))
        } catch let failure as StepFailure {
            reply = .failed(id: request.id, failure)
        } catch {
            reply = .failed(id: request.id, StepFailure(.machine, "\(error)"))
        }
        outbox.yield(reply)
    }

    private func perform(
        _ request: AgentMessage.Request, _ descriptors: [FileDescriptor]
    ) async throws -> StepOutcome {
        switch request.operation {
        case .perform(let kind, let step, let plan):
            guard let kind = StepCatalog.kind(named: kind) as? any HostStepKind.Type else {
                throw StepFailure(.machine, "the kind `\(kind)` is not performed on hosts")
            }
            return try await kind.perform(plan, on: context(for: step, request))
        case .serve(let plan):
            return try await SiteHosting.serve(plan, resources: resources) { [outbox] visit in
                outbox.yield(.visit(visit))
            }
        case .watch(let path):
            return try CaptureKind.watch(absolute: introduction.run + "/" + path, resources: resources)
        case .drain: return try CaptureKind.drain(resources)
        case .stopCapture(let step): return try CaptureKind.stop(step, resources)
        case .probeListener(let port, let step):
            return try await ListenerProbe.probe(port: port, context: context(for: step, request))
        case .relay(let port):
            guard let client = descriptors.first else { throw StepFailure(.machine, "there is no connection to relay") }
            try await PortRelay.join(client, toPort: port, of: introduction.host, nodes: request.facts.nodes)
            return StepOutcome()
        }
    }

    private func context(for step: String, _ request: AgentMessage.Request) -> HostContext {
        HostContext(
            step: step, host: introduction.host, run: introduction.run, facts: request.facts, resources: resources
        ) { [outbox] text in
            outbox.yield(.progress(id: request.id, text: text))
        }
    }
}
