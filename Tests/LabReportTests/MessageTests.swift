import LabModel
import Testing

@testable import LabReport

/// The catalogue of what the runner says. That no message lacks its Spanish is the compiler's to say; that none has lost
/// an argument, or is English still, is said here.
@Suite("What the runner says, in every language") struct MessageTests {
    /// One of each sentence, with arguments that stand out.
    private static let sentences: [Sentence] = [
        .steps(7), .points("8,5"), .pointsOf("3", most: "9", isOne: false), .pending("4"),
        .waited(total: "11 s", waited: "6 s"), .allPassed(12), .somePassed(5, of: 13), .countFailed(21),
        .countWaiting(22), .countUnchecked(23), .countNotDone(24), .optionalNotOffered(25), .optionalSteps(26),
        .judgedLater(checks: 2, beside: ["`a.b`", "`c.d`"]), .moreNotes(31), .noRows(table: "frame"),
        .oneRow(table: "flow"), .rows(41, table: "hop"), .rowsNearest(42, table: "visit"), .lookInto(finding: "XYZ"),
        .readWhy(step: "XYZ"), .readHint(step: "XYZ"), .makePossible(step: "XYZ"), .doStep("XYZ"),
        .findOutWaiting(step: "XYZ"), .student("Ada"), .seed("77"), .checkFailed("a.b", points: "0/1"),
        .cutShort(characters: 51), .kindOnHost(kind: "ping", host: "laptop"), .ofItWaited("6 s"),
        .session(from: "T1", to: "T2", byStudent: true), .chain(events: 61, head: "abc"), .hint(3),
        .date(UTCTime(nanoseconds: 1_795_413_932_000_000_000)),
    ]

    private static let reasons: [Reason] = [
        .notSelected, .nobodyDidIt, .waitingOnFailed(step: "mitm", because: "XYZ"),
        .waitingOnSkipped(step: "mitm", status: .notDone), .waitingOnSkipped(step: "mitm", status: .blocked),
        .waitingOnSkipped(step: "mitm", status: .notOffered), .notInstalled(program: "curl"),
        .machineFailed(message: "XYZ"), .noValue(reference: "mitm.port"), .mustNotHappen, .noControl,
        .awaitsControl(check: "a.b"), .controlDidNotPass(check: "a.b"), .nothingSeen(table: "hop", summary: "XYZ"),
        .doesNotHold(relation: "a == 1", found: "found 404"), .noneFits(rows: 12), .recordChanged,
        .evidenceChanged(path: "evidence/x"),
    ]

    /// What of a message differs between languages and is no argument.
    private static let sameInBoth: Set<String> = ["Variables"]

    @Test("every label has a Spanish of its own", arguments: Label.allCases)
    func labels(_ label: Label) {
        #expect(!label.spanish.isEmpty)
        #expect(label.spanish != label.english || Self.sameInBoth.contains(label.english))
        // Labels stand in HTML and in templates as they are.
        for text in [label.english, label.spanish] { #expect(!text.contains { "<>&{}\"".contains($0) }) }
    }

    @Test("every sentence and every reason keeps its arguments in Spanish")
    func arguments() {
        for message in Self.sentences.map({ $0 as any Message }) + Self.reasons.map({ $0 as any Message }) {
            for argument in Self.arguments(of: message) {
                #expect(message.english.contains(argument), "\(message.english)")
                #expect(message.spanish.contains(argument), "\(message.spanish)")
            }
            #expect(!message.spanish.isEmpty)
            if case .hint = message as? Sentence { continue }
            if case .pointsOf = message as? Sentence { continue }
            #expect(message.spanish != message.english, "\(message.english)")
        }
    }

    /// The associated values that are text or numbers, as they are shown.
    private static func arguments(of message: any Message) -> [String] {
        guard let payload = Mirror(reflecting: message).children.first?.value else { return [] }
        let values =
            Mirror(reflecting: payload).displayStyle == .tuple
            ? Mirror(reflecting: payload).children.map(\.value) : [payload]
        return values.flatMap { value -> [String] in
            switch value {
            case let text as String: [text.hasPrefix("found ") ? String(text.dropFirst(6)) : text]
            case let number as Int: [String(number)]
            case let list as [String]: list
            default: []
            }
        }
    }

    @Test("one is one and more are more, in both languages")
    func plurals() {
        #expect(Sentence.steps(1).english == "1 step" && Sentence.steps(2).english == "2 steps")
        #expect(Sentence.steps(1).spanish == "1 paso" && Sentence.steps(2).spanish == "2 pasos")
        #expect(Sentence.somePassed(1, of: 4).spanish == "Superada 1 de 4 comprobaciones")
        #expect(Sentence.somePassed(0, of: 1).spanish == "Superadas 0 de 1 comprobación")
        #expect(Sentence.countFailed(1).spanish == "1 fallida" && Sentence.countFailed(3).spanish == "3 fallidas")
        #expect(
            Sentence.judgedLater(checks: 1, beside: ["`a`"]).spanish
                == "1 comprobación se evalúa más tarde, junto a `a`")
        #expect(
            Sentence.judgedLater(checks: 2, beside: ["`a`", "`b`"]).spanish
                == "2 comprobaciones se evalúan más tarde, junto a `a` y `b`")
        #expect(Sentence.chain(events: 1, head: "x").spanish == "1 evento, el último x")
        #expect(Reason.noneFits(rows: 1).spanish == "la única fila no encaja")
    }

    @Test("numbers have the language's decimal mark")
    func decimals() {
        let spanish = Words(language: .spanish)
        #expect(spanish.points(2.5, of: 1) == "2,5 de 1 punto")
        #expect(spanish.duration(310_000_000) == "0,31 s")
        #expect(Words.english.duration(310_000_000) == "0.31 s")
    }

    @Test("a whole report in Spanish has no word of ours in English, and its machine-readable twins do not change")
    func report() throws {
        var record = Sample.record
        record.language = "es"
        let context = GoldenTests.context
        let text = String(decoding: try TextReport().render(record, context), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let first = line.trimmingPrefix { $0 == " " }.prefix { $0 != ":" }
            let english = Label.allCases.filter { $0.english != $0.spanish }.map { $0.english.lowercased() }
            #expect(!english.contains(first.lowercased()), "\(line)")
        }
        let page = String(decoding: try HTMLReport().render(record, context), as: UTF8.self)
        #expect(page.contains("<html lang=\"es\">"))
        for label in Label.allCases where label.english.count > 9 && label.english != label.spanish {
            #expect(!page.contains(">\(label.english)<"), "\(label.english)")
        }
        let junit = try JUnitReport().render(record, context)
        #expect(try JUnitReport().render(Sample.record, context) == junit)
        let json = String(decoding: try JSONReport().render(record, context), as: UTF8.self)
        let before = String(decoding: try JSONReport().render(Sample.record, context), as: UTF8.self)
        #expect(json.replacing("  \"language\" : \"es\",\n", with: "") == before)
    }

    @Test("a reason that the record holds as a message is told in Spanish, an engine's own words stay")
    func reasons() throws {
        var check = try #require(Sample.record.checks.first)
        check.verdict = .inconclusive
        check.cause = .blocked
        check.explain(.waitingOnFailed(step: "mitm", because: "port 9000 is in use"))
        #expect(check.sentence(.english) == "waiting on `mitm`: port 9000 is in use")
        #expect(check.sentence(Words(language: .spanish)) == "a la espera de `mitm`: port 9000 is in use")
        // Edited by hand since: what the record says is shown.
        check.reason = "because"
        #expect(check.sentence(Words(language: .spanish)) == "en espera: because")
        let copy = try JSON.decode(CheckResult.self, from: JSON.encode(check))
        #expect(copy == check)
    }
}
