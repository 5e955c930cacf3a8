import Foundation
import SupportQuestions
import Testing
import WireSessions

@Suite("Tables and slots agree")
struct FrameTableTests {
    @Test("every field of the frame table stands at its case's slot")
    func frameSlots() {
        #expect(FrameTable.table.fields.count == FrameField.allCases.count)
        for field in FrameField.allCases {
            let declared = FrameTable.table.fields[field.slot]
            let spelled = declared.name.replacingOccurrences(of: "[]", with: "bytes").split { $0 == "." || $0 == "_" }
                .joined().lowercased()
            #expect(spelled == "\(field)".lowercased())
            #expect(FrameTable.table.slot(of: declared.name) == field.slot)
        }
    }

    @Test("a set holds what was put in and nothing else")
    func sets() {
        #expect(FrameField.allCases.allSatisfy(FrameFieldSet.all.contains))
        for field in FrameField.allCases {
            let set = FrameFieldSet(slots: [field.slot, 100_000, -1])
            #expect(FrameField.allCases.filter(set.contains) == [field])
        }
    }

    @Test("names are unique in every table, and summaries are phrases")
    func names() {
        for table in [FrameTable.table, ExchangeField.table, StreamField.table] {
            #expect(Set(table.fields.map(\.name)).count == table.fields.count)
            #expect(table.fields.allSatisfy { !$0.summary.isEmpty && !$0.summary.hasSuffix(".") })
        }
    }
}
