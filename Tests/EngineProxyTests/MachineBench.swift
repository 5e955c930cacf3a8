import Foundation
import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto
import Testing

@testable import EngineProxy

/// A machine without sockets, and what it asked for.
struct MachineBench {
    var machine: ProxyMachine
    var toClient = ""
    var toUpstream = ""
    var opened: [ProxyMachine.UpstreamTarget] = []
    var openID = 0
    var events: [ProxyEvent] = []
    var other: [String] = []
    private static let site = try? OnboardingSite(authority: .create(now: 1_795_413_600_000_000_000))

    init() throws {
        let number = NIOLockedValueBox(UInt64(0))
        machine = ProxyMachine(
            ProxyMachine.Surroundings(
                connection: 1, client: ProxyAddress(address: "192.0.2.1", port: 5), bodyLimit: 8,
                budget: BodyBudget(bytes: 100), now: { 1_000 },
                nextFlowID: {
                    number.withLockedValue {
                        $0 += 1
                        return $0
                    }
                }, onboarding: try #require(Self.site)))
    }

    mutating func settle() {
        for action in machine.takeActions() {
            switch action {
            case .writeToClient(let bytes): toClient += String(buffer: bytes)
            case .writeToUpstream(let bytes): toUpstream += String(buffer: bytes)
            case .openUpstream(let id, let target):
                opened.append(target)
                openID = id
            case .report(let event): events.append(event)
            case .closeClient: other.append("close client")
            case .abortClient: other.append("abort client")
            case .closeClientOutput: other.append("close client output")
            case .closeUpstream: other.append("close upstream")
            case .closeUpstreamOutput: other.append("close upstream output")
            case .startTLS: other.append("start TLS")
            case .awaitTunnel: other.append("await tunnel")
            }
        }
    }

    mutating func client(_ text: String) {
        machine.clientReceived(ByteBuffer(string: text))
        settle()
    }

    mutating func open() {
        machine.upstreamOpened(openID, at: ProxyAddress(address: "198.51.100.1", port: 80), tls: nil)
        settle()
    }

    mutating func origin(_ text: String) {
        machine.upstreamReceived(openID, ByteBuffer(string: text))
        settle()
    }

    mutating func originEnds() {
        machine.upstreamInputHasEnded(openID)
        settle()
    }

    var flows: [ProxyFlow] {
        events.compactMap { event in
            if case .flow(let flow) = event { return flow }
            return nil
        }
    }
}
