import Foundation
import Testing

@testable import LabReport

@Suite("The page is for everybody") struct AccessibilityTests {
    static let page: String = {
        let bytes = (try? HTMLReport().render(Sample.record, ReportContext(folder: "runs/week2/latest"))) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }()

    @Test("Headings begin with one h1 and never skip a level")
    func headings() {
        var levels: [Int] = []
        for part in Self.page.components(separatedBy: "<h").dropFirst() {
            if let level = part.first?.wholeNumberValue { levels.append(level) }
        }
        #expect(levels.first == 1)
        #expect(levels.count { $0 == 1 } == 1)
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
    }

    @Test("Every anchor that is pointed at exists once")
    func anchors() {
        let ids = Self.page.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(Set(ids).count == ids.count)
        let targets = Self.page.components(separatedBy: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(!targets.isEmpty)
        for target in targets { #expect(ids.contains(target)) }
    }

    @Test("Nothing is fetched, run or submitted")
    func standsAlone() {
        #expect(Self.page.contains("default-src 'none'"))
        for word in ["<script", " src=", "url(", "@import", "<link", "<form", "<iframe", " style=\""] {
            #expect(!Self.page.contains(word))
        }
    }

    @Test("Text stands out from its background, light and dark (WCAG 2.2, 1.4.3: 4.5 to 1)")
    func contrast() throws {
        let palettes = PageStyle.css.components(separatedBy: ":root{").dropFirst().prefix(2).map(palette)
        try #require(palettes.count == 2)
        for palette in palettes {
            for text in ["ink", "soft", "good", "bad", "doubt", "idle", "link"] {
                for ground in ["page", "card", "tint"] {
                    let ratio = contrast(try #require(palette[text]), try #require(palette[ground]))
                    #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
                }
            }
            #expect(contrast(try #require(palette["bad"]), try #require(palette["bad-tint"])) >= 4.5)
        }
    }

    private func palette(_ rule: String) -> [String: [Double]] {
        var colours: [String: [Double]] = [:]
        for declaration in rule.prefix(while: { $0 != "}" }).components(separatedBy: ";") {
            let parts = declaration.components(separatedBy: ":#")
            guard parts.count == 2 else { continue }
            var hex = parts[1]
            if hex.count == 3 { hex = hex.map { "\($0)\($0)" }.joined() }
            let value = Int(hex, radix: 16) ?? 0
            colours[String(parts[0].dropFirst(2))] = [16, 8, 0].map { Double(value >> $0 & 0xFF) / 255 }
        }
        return colours
    }

    private func luminance(_ colour: [Double]) -> Double {
        let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private func contrast(_ left: [Double], _ right: [Double]) -> Double {
        let (one, two) = (luminance(left), luminance(right))
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }
}
