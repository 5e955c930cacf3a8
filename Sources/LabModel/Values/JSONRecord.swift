/// A row of evidence of which runs have hundreds: it writes its members itself, in the order of their keys.
///
/// What it writes is what `encode(to:)` gives, byte for byte; it is used for lists that
/// are members of objects or stand alone.
package protocol JSONRecord: Encodable {
    /// Optional members that are nil are left out. Keys are plain ASCII, and come in ascending order.
    func write(to object: inout JSONObjectText)
}

/// An object of a ``JSONText`` whose members come in the order of their keys.
package struct JSONObjectText {
    fileprivate let text: JSONText
    private var isFirst = true

    fileprivate init(_ text: JSONText) { self.text = text }

    private mutating func key(_ key: StaticString) {
        text.writeKey(key, isFirst: isFirst)
        isFirst = false
    }

    package mutating func member(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        key(name)
        text.writeInteger(number)
    }

    package mutating func member(_ name: StaticString, _ number: Int?) { member(name, number.map { Int64($0) }) }
    package mutating func member(_ name: StaticString, _ number: Int32?) { member(name, number.map { Int64($0) }) }
    package mutating func member(_ name: StaticString, _ number: UInt8?) { member(name, number.map { Int64($0) }) }
    package mutating func member(_ name: StaticString, _ number: UInt16?) { member(name, number.map { Int64($0) }) }

    package mutating func member(_ name: StaticString, _ string: String?) {
        guard let string else { return }
        key(name)
        text.writeString(string)
    }

    package mutating func member(_ name: StaticString, flag: Bool) {
        key(name)
        text.writeFlag(flag)
    }

    package mutating func member(_ name: StaticString, texts: [String]?) {
        guard let texts else { return }
        key(name)
        text.writeList(texts) { text.writeString($0) }
    }

    package mutating func member(_ name: StaticString, numbers: [UInt32]?) {
        guard let numbers else { return }
        key(name)
        text.writeList(numbers) { text.writeInteger(UInt64($0)) }
    }

    package mutating func member(_ name: StaticString, _ record: some JSONRecord) {
        key(name)
        text.writeRecord(record)
    }
}

extension JSONText {
    func writeRecord(_ record: some JSONRecord) {
        writePlain("{")
        var object = JSONObjectText(self)
        record.write(to: &object)
        writePlain("}")
    }
}

/// A list of records: what its elements are is looked up once for all of them.
protocol JSONRecordList {
    func write(to text: JSONText)
}

extension Array: JSONRecordList where Element: JSONRecord {
    func write(to text: JSONText) { text.writeList(self) { text.writeRecord($0) } }
}
