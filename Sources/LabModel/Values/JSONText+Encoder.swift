/// What values see of a ``JSONText``.
struct JSONValueEncoder: Encoder {
    let text: JSONText
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        text.open(true, at: depth)
        return KeyedEncodingContainer(JSONMembers(text: text, depth: depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        text.open(false, at: depth)
        return JSONElements(text: text, depth: depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONSingle(text: text, depth: depth) }
}

private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let text: JSONText
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    @inline(__always)
    private func member(_ key: Key, _ write: () throws -> Void) rethrows {
        guard text.beginMember(key.stringValue, at: depth) else { return }
        try write()
        text.endMember()
    }

    mutating func encodeNil(forKey key: Key) { member(key) { text.writeNull() } }
    mutating func encode(_ value: Bool, forKey key: Key) { member(key) { text.writeFlag(value) } }
    mutating func encode(_ value: String, forKey key: Key) { member(key) { text.writeString(value) } }
    mutating func encode(_ value: Double, forKey key: Key) throws { try member(key) { try text.writeNumber(value) } }
    mutating func encode(_ value: Float, forKey key: Key) throws { try member(key) { try text.writeNumber(value) } }
    mutating func encode(_ value: Int, forKey key: Key) { member(key) { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int8, forKey key: Key) { member(key) { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int16, forKey key: Key) { member(key) { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int32, forKey key: Key) { member(key) { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int64, forKey key: Key) { member(key) { text.writeInteger(value) } }
    mutating func encode(_ value: UInt, forKey key: Key) { member(key) { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt8, forKey key: Key) { member(key) { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt16, forKey key: Key) { member(key) { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt32, forKey key: Key) { member(key) { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt64, forKey key: Key) { member(key) { text.writeInteger(value) } }
    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try member(key) {
            if let list = value as? any JSONRecordList { list.write(to: text) } else { try text.writeValue(value) }
        }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        text.elsewhere().container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        text.elsewhere().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { text.elsewhere() }
    mutating func superEncoder(forKey key: Key) -> any Encoder { text.elsewhere() }
}

private struct JSONElements: UnkeyedEncodingContainer {
    let text: JSONText
    let depth: Int

    var codingPath: [any CodingKey] { [] }
    var count: Int { text.count(at: depth) }

    @inline(__always)
    private func element(_ write: () throws -> Void) rethrows {
        if text.beginElement(at: depth) { try write() }
    }

    mutating func encodeNil() { element { text.writeNull() } }
    mutating func encode(_ value: Bool) { element { text.writeFlag(value) } }
    mutating func encode(_ value: String) { element { text.writeString(value) } }
    mutating func encode(_ value: Double) throws { try element { try text.writeNumber(value) } }
    mutating func encode(_ value: Float) throws { try element { try text.writeNumber(value) } }
    mutating func encode(_ value: Int) { element { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int8) { element { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int16) { element { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int32) { element { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int64) { element { text.writeInteger(value) } }
    mutating func encode(_ value: UInt) { element { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt8) { element { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt16) { element { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt32) { element { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt64) { element { text.writeInteger(value) } }

    mutating func encode<T: Encodable>(_ value: T) throws {
        try element { try text.writeValue(value) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        text.elsewhere().container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { text.elsewhere().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { text.elsewhere() }
}

private struct JSONSingle: SingleValueEncodingContainer {
    let text: JSONText
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    @inline(__always)
    private func whole(_ write: () throws -> Void) rethrows {
        if text.single(at: depth) { try write() }
    }

    mutating func encodeNil() { whole { text.writeNull() } }
    mutating func encode(_ value: Bool) { whole { text.writeFlag(value) } }
    mutating func encode(_ value: String) { whole { text.writeString(value) } }
    mutating func encode(_ value: Double) throws { try whole { try text.writeNumber(value) } }
    mutating func encode(_ value: Float) throws { try whole { try text.writeNumber(value) } }
    mutating func encode(_ value: Int) { whole { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int8) { whole { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int16) { whole { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int32) { whole { text.writeInteger(Int64(value)) } }
    mutating func encode(_ value: Int64) { whole { text.writeInteger(value) } }
    mutating func encode(_ value: UInt) { whole { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt8) { whole { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt16) { whole { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt32) { whole { text.writeInteger(UInt64(value)) } }
    mutating func encode(_ value: UInt64) { whole { text.writeInteger(value) } }
    mutating func encode<T: Encodable>(_ value: T) throws { try whole { try text.writeValue(value) } }
}

extension JSONText {
    /// For a container that this does not write: its text is thrown away with all the rest.
    fileprivate func elsewhere() -> JSONValueEncoder {
        leave()
        let other = JSONText()
        other.begin()
        return JSONValueEncoder(text: other, depth: 1)
    }
}
