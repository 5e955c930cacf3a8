import SupportLinux
import Testing

@Suite("Keys to X servers")
struct DisplayKeysTests {
    private func entry(family: [UInt8], _ texts: [String]) -> [UInt8] {
        family + texts.flatMap { [UInt8(0), UInt8($0.utf8.count)] + Array($0.utf8) }
    }

    @Test("keys fit whatever the machine is called, and nothing else of them changes")
    func rewritten() {
        let texts = [["desk", "0", "MIT-MAGIC-COOKIE-1", "0123456789abcdef"], ["\u{7F}", "", "X", ""]]
        let file = entry(family: [1, 0], texts[0]) + entry(family: [0, 6], texts[1])
        let wild = entry(family: [0xFF, 0xFF], texts[0]) + entry(family: [0xFF, 0xFF], texts[1])
        #expect(DisplayKeys.forAnyHost(file) == wild)
        #expect(DisplayKeys.forAnyHost(wild) == wild)
    }

    @Test("of a file that is cut off anywhere what is whole stays")
    func truncated() {
        let one = entry(family: [1, 0], ["desk", "0", "MIT-MAGIC-COOKIE-1", "0123456789abcdef"])
        let whole = DisplayKeys.forAnyHost(one)
        for length in 0..<one.count {
            #expect(DisplayKeys.forAnyHost(Array(one.prefix(length))) == [])
            #expect(DisplayKeys.forAnyHost(one + one.prefix(length)) == whole)
        }
        #expect(DisplayKeys.forAnyHost([1, 0, 0xFF, 0xFF, 0]) == [])
    }
}
