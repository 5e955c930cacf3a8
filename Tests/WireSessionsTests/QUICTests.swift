import Foundation
import SupportQuestions
import Testing
import Wire
import WireSessions

@Suite("HTTP/3 over QUIC is opened")
struct QUICTests {
    private static let page = "GET https://www.example.test/ 200 43"

    @Test(
        "each suite, each version, key updates, Retry, Version Negotiation, a moved client, early data",
        arguments: [
            ("h3-aes256", [page]), ("h3-chacha", [page]), ("h3-keyupdate", [page, page, page, page]),
            ("h3-v2", [page]), ("h3-negotiation", [page]), ("h3-retry", [page]),
            ("h3-migration", [page, page, "GET https://www.example.test/long 200 9890"]),
            ("h3-0rtt", [page, "GET https://www.example.test/early 200 43"]),
        ])
    func opened(name: String, outline: [String]) {
        let rows = CaptureFixture(name).read()
        #expect(rows.outline == outline)
        #expect(rows.statuses.allSatisfy { $0 == "decrypted" } && !rows.statuses.isEmpty)
        #expect(
            rows.exchanges.allSatisfy {
                $0.text(.httpVersion) == "3" && $0.text(.tlsAlpn) == "h3" && $0.text(.tlsVersion) == "TLS 1.3"
                    && $0.first(at: ExchangeField.httpComplete.slot) == .boolean(true)
            })
        #expect(rows.streams.allSatisfy { $0.said(.streamTransport) == "quic" })
        let body = rows.exchanges.first?.bytes(.httpBody) ?? []
        #expect(String(decoding: body, as: UTF8.self) == "token-h3f1 in a page that came over HTTP/3\n")
    }

    @Test("several requests at once, a form, and fields that QPACK's dynamic table holds")
    func several() throws {
        let rows = CaptureFixture("h3").read()
        #expect(
            rows.outline.sorted() == [
                Self.page, Self.page, "GET https://www.example.test/long?0 200 9890",
                "GET https://www.example.test/long?1 200 9890", "GET https://www.example.test/long?2 200 9890",
                "POST https://www.example.test/form 200 15",
            ])
        let form = try #require(rows.exchanges.first { $0.text(.httpMethod) == "POST" })
        #expect(form.bytes(.httpRequestBody).count == 3_300)
        #expect(
            rows.exchanges.allSatisfy { row in
                row.values(at: ExchangeField.httpHeader.slot).contains(.string("x-lab: a value of its own"))
            })
        let heads = rows.frames.flatMap { $0.texts(.http3HeadersPath) }
        #expect(heads.count == 6 && heads.contains("/long?2"))
        #expect(rows.frames.contains { $0.has(.http3) && $0.has(.quic) })
    }

    @Test("without keys only the first flights are read, and the stream says what to do")
    func closed() throws {
        let rows = CaptureFixture("h3").read(keys: [])
        #expect(rows.outline.isEmpty)
        let stream = try #require(rows.streams.first)
        #expect(stream.said(.tlsStatus) == "no-keys")
        #expect(stream.said(.tlsSni) == "www.example.test")
        #expect(stream.counted(.tlsRecords) ?? 0 > 10 && stream.counted(.tlsRecordsOpened) == 0)
    }

    @Test("with the keys of another connection it stays closed, and the reason is told")
    func foreign() throws {
        let rows = CaptureFixture("h3").read(keys: CaptureFixture("h3-v2").keyLog)
        #expect(rows.outline.isEmpty && rows.statuses == ["wrong-keys"])
    }

    @Test("neighbouring datagrams swapped, one pair after the other, give the same exchanges")
    func swapped() {
        let fixture = CaptureFixture("h3-keyupdate")
        let whole = fixture.read()
        let frames = fixture.frames
        for index in 2..<(frames.count - 1) {
            var changed = frames
            changed.swapAt(index, index + 1)
            let rows = Sessions.read(
                CaptureFixture.write(changed), SessionConfiguration(keyLog: KeyLog(fixture.keyLog))
            ).0
            #expect(rows.outline == whole.outline, "frames \(index + 1) and \(index + 2)")
        }
    }

    @Test("any one datagram missing loses at most what was in it")
    func lossy() {
        let fixture = CaptureFixture("h3")
        let whole = fixture.read()
        let frames = fixture.frames
        for index in 4..<frames.count {
            var changed = frames
            changed.remove(at: index)
            let rows = Sessions.read(
                CaptureFixture.write(changed), SessionConfiguration(keyLog: KeyLog(fixture.keyLog))
            ).0
            #expect(rows.exchanges.count >= whole.exchanges.count - 3, "without frame \(index + 1)")
            #expect(rows.exchanges.allSatisfy { $0.text(.httpMethod) != nil })
        }
    }
}

@Suite("tshark reads the same of QUIC", .enabled(if: Tshark.path != nil, "needs tshark"))
struct QUICTsharkTests {
    // tshark 4.0 reads nothing behind a Retry or a Version Negotiation, and numbers the types of version 2 elsewhere.
    @Test(
        "packets, frames and streams, packet by packet",
        arguments: ["h3", "h3-aes256", "h3-chacha", "h3-keyupdate", "h3-migration"])
    func packets(name: String) throws {
        let fixture = CaptureFixture(name)
        let names = [
            "frame.number", "quic.header_form", "quic.long.packet_type", "quic.packet_number", "quic.frame_type",
            "quic.stream.stream_id", "quic.ack.largest_acknowledged", "quic.dcid", "tls.handshake.type",
        ]
        let fields: [FrameField] = [
            .frameNumber, .quicHeaderForm, .quicLongPacketType, .quicPacketNumber, .quicFrameType, .quicStreamStreamId,
            .quicAckLargestAcknowledged, .quicDcid, .tlsHandshakeType,
        ]
        let theirs = try Tshark.fields(fixture, filter: "quic", names)
        let ours = fixture.read().frames.filter { $0.has(.quic) }.map { row in
            fields.map { field in
                row.values(at: field.slot).map { value in
                    if case .bytes(let bytes) = value {
                        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                    }
                    if case .unsigned(let number) = value { return String(number) }
                    return ""
                }.joined(separator: ",")
            }
        }
        #expect(ours.count == theirs.count)
        for (our, their) in zip(ours, theirs) { #expect(our == their) }
    }
}
