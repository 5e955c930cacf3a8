import Foundation
import LabTestSupport
import Testing

/// One entry of a file below `Fixtures/Abuse`: lines `key: value`, ended by an empty line. `Fixtures/Abuse/README.md` says what
/// they mean.
struct AbuseCase: Sendable, CustomTestStringConvertible {
    struct Line: Sendable {
        var key: String
        var value: String
    }

    struct Malformed: Error, CustomStringConvertible {
        var description: String
    }

    var name: String
    var section: String
    private var lines: [Line]

    var testDescription: String { "\(section): \(name)" }

    static func read(_ file: String, keys: Set<String>) throws -> [AbuseCase] {
        let path = Repository.fixture("Abuse/\(file)")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var cases: [AbuseCase] = []
        for block in text.components(separatedBy: "\n\n") {
            var lines: [Line] = []
            for line in block.split(separator: "\n") where !line.hasPrefix("#") {
                guard let colon = line.range(of: ":") else { throw Malformed(description: "\(file): \(line)") }
                let key = String(line[..<colon.lowerBound])
                guard keys.contains(key) || key == "name" || key == "section" else {
                    throw Malformed(description: "\(file): there is no key “\(key)”")
                }
                lines.append(Line(key: key, value: String(line[colon.upperBound...].dropFirst())))
            }
            guard !lines.isEmpty else { continue }
            guard let name = lines.first(where: { $0.key == "name" })?.value,
                let section = lines.first(where: { $0.key == "section" })?.value
            else { throw Malformed(description: "\(file): an entry has no name or no section: \(block)") }
            cases.append(AbuseCase(name: name, section: section, lines: lines))
        }
        let names = cases.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw Malformed(description: "\(file): “\(twice)” is there twice")
        }
        return cases
    }

    func all(_ key: String) -> [String] { lines.filter { $0.key == key }.map(\.value) }
    func first(_ key: String) -> String? { all(key).first }

    /// All lines with one of these keys, in order.
    func lines(_ keys: String...) -> [Line] { lines.filter { keys.contains($0.key) } }

    /// The octets that the lines of a key stand for together; nil where they say `nothing`.
    func octets(_ key: String, _ words: [String: String]) -> [UInt8]? {
        let values = all(key)
        return values == ["nothing"] ? nil : Self.octets(values.joined(), words)
    }

    /// `\r` `\n` `\t` `\\` `\xNN`, words in braces, and `{N*text}` for N times that text.
    static func octets(_ text: String, _ words: [String: String]) -> [UInt8] {
        var text = text
        for (word, value) in words { text = text.replacing("{\(word)}", with: value) }
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
                switch next {
                case UInt8(ascii: "r"): out.append(0x0D)
                case UInt8(ascii: "n"): out.append(0x0A)
                case UInt8(ascii: "t"): out.append(0x09)
                case UInt8(ascii: "x"):
                    out.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                    rest = rest.dropFirst(2)
                default: out.append(next)
                }
            } else if byte == UInt8(ascii: "{"), let star = rest.firstIndex(of: UInt8(ascii: "*")),
                let count = Int(String(decoding: rest[..<star], as: UTF8.self)),
                let close = rest.firstIndex(of: UInt8(ascii: "}"))
            {
                let part = octets(String(decoding: rest[(star + 1)..<close], as: UTF8.self), [:])
                out += Array(repeatElement(part, count: count).joined())
                rest = rest[(close + 1)...]
            } else {
                out.append(byte)
            }
        }
        return out
    }

    /// The octets as the files write them.
    static func shown(_ octets: some Sequence<UInt8>) -> String {
        octets.map { byte in
            switch byte {
            case 0x0D: "\\r"
            case 0x0A: "\\n"
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default: "\\x" + String(byte, radix: 16)
            }
        }.joined()
    }
}
