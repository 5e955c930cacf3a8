import Foundation
import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto
import Testing
import Wire

@testable import EngineProxy

/// A machine without sockets, the origin connections it would have, and what it asked for.
struct MachineBench {
    var machine: ProxyMachine
    var toClient = ""
    /// What went to origins and relays.
    var toUpstream = ""
    var opened: [UpstreamTarget] = []
    var isFresh: [Bool] = []
    var relayID = 0
    var events: [ProxyEvent] = []
    var other: [String] = []
    private var codec = HTTP1OriginCodec()
    /// Where the connection that is there leads.
    private var connected: UpstreamTarget?
    private var uses = 0
    private static let site = try? OnboardingSite(authority: .create(now: 1_795_413_600_000_000_000))

    init() throws {
        let number = NIOLockedValueBox(UInt64(0))
        machine = ProxyMachine(
            Surroundings(
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
        while true {
            let actions = machine.takeActions()
            if actions.isEmpty { return }
            for action in actions { perform(action) }
        }
    }

    private mutating func perform(_ action: ProxyMachine.Action) {
        switch action {
        case .writeToClient(let bytes): toClient += String(buffer: bytes)
        case .writeToRelay(let bytes): toUpstream += String(buffer: bytes)
        case .openOrigin(let target, let isFresh):
            if !isFresh, connected == target {
                open()
            } else {
                connected = nil
                opened.append(target)
                self.isFresh.append(isFresh)
            }
        case .send(let part): if let bytes = codec.encode(part) { toUpstream += String(buffer: bytes) }
        case .leaveOrigin:
            if connected == nil || !codec.isReusable {
                connected = nil
                other.append("close origin")
            }
        case .relayOrigin(let id):
            relayID = id
            connected = nil
            let early = codec.takeAll()
            if early.readableBytes > 0 { machine.relayReceived(id, early) }
        case .openRelay(let id, let target):
            opened.append(target)
            relayID = id
        case .report(let event): events.append(event)
        case .closeClient: other.append("close client")
        case .abortClient: other.append("abort client")
        case .closeClientOutput: other.append("close client output")
        case .closeRelay: other.append("close relay")
        case .closeRelayOutput: other.append("close relay output")
        case .startTLS: other.append("start TLS")
        case .awaitTunnel: other.append("await tunnel")
        }
    }

    mutating func client(_ text: String) {
        machine.clientReceived(ByteBuffer(string: text))
        settle()
    }

    /// The connection that was asked for last is there.
    mutating func open() {
        let address = ProxyAddress(address: "198.51.100.1", port: 80)
        if relayID > 0, machine.phase == .relaying || machine.phase == .peeking {
            machine.relayOpened(relayID, at: address)
        } else {
            if connected == nil {
                connected = opened.last
                codec = HTTP1OriginCodec()
                uses = 0
            }
            uses += 1
            machine.originOpened(at: address, tls: nil, isReused: uses > 1)
        }
        settle()
    }

    mutating func origin(_ text: String) {
        if machine.relay != nil {
            machine.relayReceived(relayID, ByteBuffer(string: text))
        } else {
            codec.received(ByteBuffer(string: text))
            while let part = codec.next() {
                machine.originReceived(part)
                settle()
                if machine.relay != nil { break }
            }
        }
        settle()
    }

    mutating func originEnds(_ end: HTTPStreamEnd = .closed) {
        if machine.relay != nil {
            machine.relayInputHasEnded(relayID)
        } else if let part = codec.closed(end) {
            machine.originReceived(part)
        } else {
            machine.originEnded()
        }
        settle()
    }

    var flows: [ProxyFlow] {
        events.compactMap { event in
            if case .flow(let flow) = event { return flow }
            return nil
        }
    }
}
