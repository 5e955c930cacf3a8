import Foundation
import LabTestSupport
import Testing

@testable import EngineProxy

@Suite("HTTP/1 requests that two readers could understand differently")
struct HTTP1AbuseTests {
    static let cases = Result {
        try AbuseCase.read("http1-requests.txt", keys: ["send", "answer", "site", "site-at-most"])
    }

    @Test("each gets the answer that its entry names, and of each only what the entry says reaches the site")
    func all() async throws {
        let cases = try Self.cases.get()
        #expect(cases.count >= 150)
        let proxy = try await RunningProxy.start()
        let site = try await StrictSite.start()
        let words = ["site": "127.0.0.1:\(site.port)", "port": "\(site.port)"]
        for this in cases {
            let before = proxy.rejections.count
            let answer = try await proxy.raw(this.octets("send", words) ?? [])
            let expected = Answer(this.first("answer") ?? "")
            let statuses = Answer.statuses(of: answer)
            #expect(statuses == expected.statuses, "\(this.testDescription) → \(answer.prefix(300))")
            if statuses.last.map({ $0 >= 400 }) == true {
                #expect(answer.contains("\r\nConnection: close\r\n"), "\(this.testDescription)")
            }
            let kinds = Array(proxy.rejections[before...])
            #expect(kinds == expected.kinds || expected.kinds.isEmpty, "\(this.testDescription)")
            let most = this.octets("site-at-most", words) ?? []
            let wanted = this.octets("site", words) ?? []
            // Where nothing is to arrive, what arrives later is found by one of the entries that follow.
            let isReached = !(most + wanted).isEmpty && statuses == expected.statuses
            let reached = isReached ? await site.taken() : site.soFar()
            if most.starts(with: reached), !most.isEmpty { continue }
            #expect(AbuseCase.shown(reached) == AbuseCase.shown(most + wanted), "\(this.testDescription)")
        }
        await proxy.stop()
        await site.stop()
        #expect(site.unreadable.isEmpty)
        #expect(site.soFar().isEmpty)
    }

    @Test("every reason there is to refuse an HTTP/1 request has an entry")
    func reasons() throws {
        let kinds = Set(try Self.cases.get().flatMap { Answer($0.first("answer") ?? "").kinds })
        let others: Set<RequestRejection.Reason> = [.chunk, .connectionField, .timeout]
        for reason in RequestRejection.Reason.allCases where !others.contains(reason) {
            #expect(kinds.contains(reason.rawValue), "\(reason)")
        }
    }

    /// `200, 400 several-hosts`: the status of each response, and of those that are refusals the word for the reason; `closed`:
    /// no response.
    struct Answer {
        var statuses: [Int] = []
        var kinds: [String] = []

        init(_ text: String) {
            guard text != "closed" else { return }
            for part in text.split(separator: ",") {
                let words = part.split(separator: " ")
                statuses.append(words.first.flatMap { Int($0) } ?? 0)
                if words.count > 1 { kinds.append(String(words[1])) }
            }
        }

        static func statuses(of answer: String) -> [Int] {
            answer.components(separatedBy: "\r\n").flatMap { $0.components(separatedBy: "ok") }.compactMap { line in
                line.hasPrefix("HTTP/1.1 ") ? Int(line.dropFirst(9).prefix(3)) : nil
            }
        }
    }
}
