/// The formats there are, in the order in which they are told.
package enum ReportCatalog {
    package static let all: [any ReportFormat] = [
        JSONReport(),
        JUnitReport(),
        TextReport(),
        HTMLReport(),
    ]

    package static func named(_ name: String) -> (any ReportFormat)? {
        all.first { $0.name == name.lowercased() }
    }

    package static func forExtension(_ name: String) -> (any ReportFormat)? {
        all.first { $0.extensions.contains(name.lowercased()) }
    }
}
