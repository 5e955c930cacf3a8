import SupportQuestions

/// Rows that have something in every field, and rows that have little; all of them rows as their table allows.
enum SampleRows {
    static func rows(of table: Table) -> [Row] {
        (0..<6).map { number in
            var row = Row()
            for (slot, field) in table.fields.enumerated()
            where field.isAlwaysThere || number != 0 && (slot + number) % 4 != 0 {
                let values = values(of: field)
                row.append(values[(slot + number) % values.count], at: slot)
                if number > 3, !field.isSingle {
                    row.append(values[(slot + number + 1) % values.count], at: slot, layer: 2)
                }
            }
            return row
        }
    }

    private static func values(of field: Field) -> [FieldValue] {
        if field.type == .unsigned {
            let most = field.bits >= 64 ? UInt64.max : (1 << UInt64(max(1, field.bits))) - 1
            let range = field.range ?? 0...most
            return [.unsigned(range.lowerBound), .unsigned(min(80, range.upperBound)), .unsigned(range.upperBound)]
        }
        return field.choices.isEmpty ? values(of: field.type) : field.choices.map { .string($0) }
    }

    private static func values(of type: FieldType) -> [FieldValue] {
        switch type {
        case .label: [.label]
        case .boolean: [.boolean(true), .boolean(false)]
        case .unsigned: [.unsigned(0), .unsigned(80), .unsigned(.max)]
        case .signed: [.signed(.min), .signed(-1), .signed(.max)]
        case .float: [.float(0.5), .float(-1e300), .float(0)]
        case .string: [.string(""), .string("www.example.test"), .string("é\u{0}\u{1B}[31m")]
        case .bytes: [.bytes([]), .bytes([0x16, 3, 1]), .bytes(Array("GET / HTTP/1.1".utf8))]
        case .ipv4: [.ipv4(0xC000_0201), .ipv4(.max), .ipv4(0)]
        case .ipv6: [.ipv6(0x2001_0DB8_0000_0000, 1), .ipv6(.max, .max)]
        case .ether: [.ether(0x0200_0000_0001), .ether(0xFFFF_FFFF_FFFF)]
        case .duration: [.duration(.min), .duration(50_000_000), .duration(.max)]
        case .time: [.time(.min), .time(1_793_600_000_000_000_000), .time(.max)]
        case .list: [.list([]), .list([.string("r1"), .ipv4(0xC000_0201)])]
        }
    }
}
