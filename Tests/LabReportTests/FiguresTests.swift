import LabModel
import Testing

@testable import LabReport

@Suite("Figures as people read them") struct FiguresTests {
    @Test(
        "Points are told without needless digits",
        arguments: [(3.0, "3"), (2.5, "2.5"), (0.25, "0.25"), (0.05, "0.05"), (-1.5, "-1.5"), (1.999, "2")])
    func points(_ value: Double, _ text: String) {
        #expect(Figures.points(value) == text)
    }

    @Test("Points that no lab can give do not trap", arguments: [Double.infinity, .nan, 1e300, -.infinity])
    func impossiblePoints(_ value: Double) {
        #expect(Figures.points(value) == "?")
    }

    @Test(
        "Durations take the unit that fits",
        arguments: [
            (Int64(0), "0 ms"), (4_000_000, "4 ms"), (310_000_000, "0.31 s"), (999_000_000, "1.0 s"),
            (12_360_000_000, "12.4 s"), (59_960_000_000, "1 min 00 s"), (125_000_000_000, "2 min 05 s"),
            (3_720_000_000_000, "1 h 02 min"), (-5, "0 ms"), (.min, "0 ms"),
        ])
    func durations(_ nanoseconds: Int64, _ text: String) {
        #expect(Figures.duration(nanoseconds) == text)
    }

    @Test("A span whose ends lie too far apart is nothing rather than a trap")
    func span() {
        #expect(Figures.span(from: .min, to: .max) == 0)
        #expect(Figures.span(from: 10, to: 4) == 0)
        #expect(Figures.span(from: 4, to: 10) == 6)
    }

    @Test("A time reads as people write it")
    func longTime() {
        let time = Sentence.date(UTCTime(nanoseconds: 1_795_413_932_000_000_000))
        #expect(time.english == "23 November 2026, 06:05 UTC")
        #expect(time.spanish == "23 de noviembre de 2026, 06:05 UTC")
    }
}
