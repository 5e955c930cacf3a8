import SupportQuestions

/// The `frame` table: one row per captured frame, under Wireshark's names.
package enum FrameTable {
    package static let table: Table = {
        let declarations =
            FrameField.packetDeclarations + FrameField.tlsDeclarations + FrameField.quicDeclarations
            + FrameField.httpDeclarations + FrameField.http3Declarations + FrameField.byteDeclarations
        return Table(
            "frame", "frames of a capture, dissected and decrypted",
            fields: declarations.sorted { $0.0.rawValue < $1.0.rawValue }.map(\.1))
    }()
}

/// A set of fields of the `frame` table: those that somebody will look at.
package struct FrameFieldSet: Sendable, Hashable {
    /// A bit per slot, 64 slots a word.
    private var words = SIMD4<UInt64>()

    package init() {}

    /// Slots that the table does not have are left out.
    package init(slots: some Sequence<Int>) {
        for slot in slots { FrameField(rawValue: slot).map { insert($0) } }
    }

    package init(_ fields: some Sequence<FrameField>) {
        for field in fields { insert(field) }
    }

    package static let all = FrameFieldSet(FrameField.allCases)

    package func contains(_ field: FrameField) -> Bool {
        words[field.rawValue >> 6] & (UInt64(1) << UInt64(field.rawValue & 63)) != 0
    }

    package mutating func insert(_ field: FrameField) {
        words[field.rawValue >> 6] |= UInt64(1) << UInt64(field.rawValue & 63)
    }

    /// Whether any field from `first` to `last` is in the set.
    package func containsAny(_ range: ClosedRange<FrameField>) -> Bool {
        FrameField.allCases[range.lowerBound.rawValue...range.upperBound.rawValue].contains { contains($0) }
    }
}

extension FrameField: Comparable {
    package static func < (left: FrameField, right: FrameField) -> Bool { left.rawValue < right.rawValue }
}
