import Foundation

/// The processes of this machine, as /proc tells them.
enum Processes {
    struct Process: Hashable, Sendable {
        let pid: Int32
        /// Since the machine started: a pid may be given again.
        let began: String
        let parent: Int32
        let name: String
        /// Of a terminal: the process group in front of it, and the process's own.
        let group: Int32
        let front: Int32

        init?(_ pid: Int32) {
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
                return nil
            }
            let rest = text[text.index(after: close)...].split(separator: " ").map(String.init)
            guard rest.count > 19, rest[0] != "Z" else { return nil }
            self.pid = pid
            name = String(text[text.index(after: open)..<close])
            parent = Int32(rest[1]) ?? 0
            group = Int32(rest[2]) ?? 0
            front = Int32(rest[5]) ?? 0
            began = rest[19]
        }

        var isThere: Bool { Process(pid).map { $0.began == began } ?? false }
    }

    static func all() -> [Process] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
            .compactMap { Process($0) }
    }

    /// All that a process started, and what that started.
    static func descendants(of pid: Int32) -> [Process] {
        let children = Dictionary(grouping: all(), by: \.parent)
        var found: [Process] = []
        var open = [pid]
        while let next = open.popLast() {
            let own = children[next] ?? []
            found += own
            open += own.map(\.pid)
        }
        return found
    }

    /// Whether a `sleep 100000` below a process has the terminal.
    static func isSleeping(below pid: Int32) -> Bool {
        descendants(of: pid).contains { $0.name == "sleep" && $0.front != -1 && $0.front == $0.group }
    }

    /// Processes that name a path in what they were started with, or have something below it open.
    static func using(_ path: String) -> [Process] {
        let needle = Array(path.utf8)
        return all().filter { process in
            let folder = "/proc/\(process.pid)"
            for name in ["cmdline", "environ"] {
                if let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                    [UInt8](bytes).firstRange(of: needle) != nil
                {
                    return true
                }
            }
            let links =
                ["\(folder)/cwd"]
                + ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd")) ?? [])
                .map { "\(folder)/fd/\($0)" }
            return links.contains {
                ((try? FileManager.default.destinationOfSymbolicLink(atPath: $0)) ?? "").hasPrefix(path)
            }
        }
    }
}
