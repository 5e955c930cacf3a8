import LabModel
import LabRunner
import SupportDiagnostics

/// The worlds that are up, as a table and as JSON.
enum WorldListing {
    /// - Parameter now: nanoseconds since 1970.
    static func text(_ worlds: [RunningWorld], now: Int64) -> String {
        var rows = [["ID", "LAB", "STUDENT", "HOSTS", "UP FOR", "OPENED BY"]]
        for world in worlds {
            let opener = "lab \(world.opener.rawValue), process \(world.pid)" + (world.isShared ? "" : ", its own")
            let hosts = world.hosts.prefix(4).joined(separator: " ") + (world.hosts.count > 4 ? " …" : "")
            let cells = [world.id, world.lab, world.student, hosts, age(now &- world.openedAt), opener]
            rows.append(cells.map(Visible.text))
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    static func json(_ worlds: [RunningWorld]) throws -> String {
        struct Row: Encodable {
            var id: String
            var lab: String
            var file: String
            var student: String
            var hosts: [String]
            var opener: String
            var pid: Int32
            var opened: Int64
            var shared: Bool
        }
        struct List: Encodable {
            var worlds: [Row]
        }
        let rows = worlds.map {
            Row(
                id: $0.id, lab: $0.lab, file: $0.key.file, student: $0.student, hosts: $0.hosts,
                opener: $0.opener.rawValue, pid: $0.pid, opened: $0.openedAt / 1_000_000_000, shared: $0.isShared)
        }
        return String(decoding: try JSON.encode(List(worlds: rows), pretty: true), as: UTF8.self) + "\n"
    }

    /// In the largest unit that leaves a whole number, as people say it.
    private static func age(_ nanoseconds: Int64) -> String {
        let seconds = max(0, nanoseconds / 1_000_000_000)
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
