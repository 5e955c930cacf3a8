import LabModel
import Testing

@Suite struct UTCTimeTests {
    @Test(
        "seconds become civil dates, leap days and turns of centuries included",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"), (1_795_413_664, "2026-11-23T06:01:04Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (4_107_456_000, "2100-02-28T00:00:00Z"),
        ])
    func civilDates(seconds: Int64, text: String) {
        #expect(UTCTime(nanoseconds: seconds * 1_000_000_000).text == text)
    }

    @Test("the compact form sorts as time does")
    func compact() {
        #expect(UTCTime(nanoseconds: 1_795_413_664_000_000_000).compact == "20261123T060104Z")
    }
}
