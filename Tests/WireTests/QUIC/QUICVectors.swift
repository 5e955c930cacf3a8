import Foundation
import LabTestSupport

/// Packets of an appendix, by name.
enum QUICVectors {
    static func read(_ rfc: String) -> [String: [UInt8]] {
        let text = (try? String(contentsOfFile: Repository.fixture("Vectors/\(rfc).txt"), encoding: .utf8)) ?? ""
        var found: [String: [UInt8]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            if words.count == 2 { found[String(words[0])] = hex(String(words[1])) }
        }
        return found
    }

    static func hex(_ text: String) -> [UInt8] {
        let digits = text.filter(\.isHexDigit)
        return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
            let start = digits.index(digits.startIndex, offsetBy: offset)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
    }
}
