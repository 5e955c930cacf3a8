/// Writes any Encodable value as one line of JSON, keys in the order of their encoding. No Foundation.
package enum JSONLine {
    /// The text of `value` without a line end. Text that is no valid Unicode cannot occur in a Swift string; control
    /// characters are escaped, so that a line stays one line.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = Writer(codingPath: [], node: Node())
        try value.encode(to: encoder)
        var out: [UInt8] = []
        encoder.node.write(to: &out)
        return out
    }

    /// A JSON value in the making.
    private final class Node {
        enum Content {
            case null
            case raw(String)
            case text(String)
            case bytes([UInt8])
            case array([Node])
            case object([(key: String, value: Node)])
        }

        var content = Content.null

        func child(_ key: String) -> Node {
            let node = Node()
            if case .object(var members) = content {
                content = .null
                members.append((key, node))
                content = .object(members)
            } else {
                content = .object([(key, node)])
            }
            return node
        }

        func element() -> Node {
            let node = Node()
            if case .array(var elements) = content {
                content = .null
                elements.append(node)
                content = .array(elements)
            } else {
                content = .array([node])
            }
            return node
        }

        func write(to out: inout [UInt8]) {
            switch content {
            case .null: out += "null".utf8
            case .raw(let text): out += text.utf8
            case .text(let text): JSONText.append(text, to: &out)
            case .bytes(let bytes):
                out.append(UInt8(ascii: "\""))
                Base64Bytes.append(bytes, to: &out)
                out.append(UInt8(ascii: "\""))
            case .array(let elements):
                out.append(UInt8(ascii: "["))
                for (index, element) in elements.enumerated() {
                    if index > 0 { out.append(UInt8(ascii: ",")) }
                    element.write(to: &out)
                }
                out.append(UInt8(ascii: "]"))
            case .object(let members):
                out.append(UInt8(ascii: "{"))
                for (index, member) in members.enumerated() {
                    if index > 0 { out.append(UInt8(ascii: ",")) }
                    JSONText.append(member.key, to: &out)
                    out.append(UInt8(ascii: ":"))
                    member.value.write(to: &out)
                }
                out.append(UInt8(ascii: "}"))
            }
        }
    }

    private struct Writer: Encoder {
        let codingPath: [any CodingKey]
        let node: Node
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            if case .object = node.content {} else { node.content = .object([]) }
            return KeyedEncodingContainer(Keyed<Key>(codingPath: codingPath, node: node))
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer {
            if case .array = node.content {} else { node.content = .array([]) }
            return Unkeyed(codingPath: codingPath, node: node)
        }

        func singleValueContainer() -> any SingleValueEncodingContainer { Single(codingPath: codingPath, node: node) }
    }

    private struct Single: SingleValueEncodingContainer {
        let codingPath: [any CodingKey]
        let node: Node

        mutating func encodeNil() { node.content = .null }
        mutating func encode(_ value: Bool) { node.content = .raw(value ? "true" : "false") }
        mutating func encode(_ value: String) { node.content = .text(value) }

        mutating func encode(_ value: Double) throws {
            guard value.isFinite else {
                throw EncodingError.invalidValue(
                    value, EncodingError.Context(codingPath: codingPath, debugDescription: "JSON has no such number"))
            }
            node.content = .raw("\(value)")
        }

        mutating func encode<T: Encodable>(_ value: T) throws {
            switch value {
            case let bytes as Base64Bytes: node.content = .bytes(bytes.bytes)
            case let text as String: encode(text)
            case let flag as Bool: encode(flag)
            case let number as any BinaryInteger: node.content = .raw("\(number)")
            case let number as Double: try encode(number)
            default: try value.encode(to: Writer(codingPath: codingPath, node: node))
            }
        }
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let codingPath: [any CodingKey]
        let node: Node

        private func single(_ key: String) -> Single { Single(codingPath: codingPath, node: node.child(key)) }

        mutating func encodeNil(forKey key: Key) { _ = node.child(key.stringValue) }

        mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
            var single = single(key.stringValue)
            try single.encode(value)
        }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type, forKey key: Key)
            -> KeyedEncodingContainer<Nested>
        {
            Writer(codingPath: codingPath + [key], node: node.child(key.stringValue)).container(keyedBy: keyType)
        }

        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            Writer(codingPath: codingPath + [key], node: node.child(key.stringValue)).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { Writer(codingPath: codingPath, node: node.child("super")) }
        mutating func superEncoder(forKey key: Key) -> any Encoder {
            Writer(codingPath: codingPath + [key], node: node.child(key.stringValue))
        }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let codingPath: [any CodingKey]
        let node: Node
        var count: Int {
            if case .array(let elements) = node.content { return elements.count }
            return 0
        }

        mutating func encodeNil() { _ = node.element() }

        mutating func encode<T: Encodable>(_ value: T) throws {
            var single = Single(codingPath: codingPath, node: node.element())
            try single.encode(value)
        }

        mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested>
        {
            Writer(codingPath: codingPath, node: node.element()).container(keyedBy: keyType)
        }

        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            Writer(codingPath: codingPath, node: node.element()).unkeyedContainer()
        }

        mutating func superEncoder() -> any Encoder { Writer(codingPath: codingPath, node: node.element()) }
    }
}
