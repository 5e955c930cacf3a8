import Glibc
import LabWorld
import SupportLinux

/// What the machine shows of mounts and interfaces to a process outside of any world.
struct Surroundings: Equatable {
    let mounts: [String]
    let interfaces: [String]

    init() throws {
        mounts = try Self.lines("/proc/self/mountinfo")
        interfaces = try Self.lines("/proc/self/net/dev").compactMap { line in
            line.split(separator: ":").first.map { $0.filter { $0 != " " } }
        }
    }

    func difference(from other: Surroundings) -> String {
        let lines = mounts.filter { !other.mounts.contains($0) } + interfaces.filter { !other.interfaces.contains($0) }
        return lines.isEmpty ? "something is gone" : lines.joined(separator: "; ")
    }

    static func lines(_ path: String) throws -> [String] {
        String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// What the processes that carry our mark are in: their namespaces.
///
/// They are kept open here until it is known that nobody else keeps them: the kernel gives the numbers of namespaces
/// that are gone to new ones, of other worlds for instance.
struct Inside {
    private let kept: [FileDescriptor]
    private let namespaces: Set<String>

    init(mark: String) {
        let own = Set(Self.namespaces(of: "self"))
        var found: [String: FileDescriptor] = [:]
        for pid in Self.processes() where Self.isMarked(pid, mark) {
            for kind in Self.kinds {
                guard let file = try? FileDescriptor.open("/proc/\(pid)/ns/\(kind)", O_RDONLY),
                    let name = try? Files.destination(ofLink: "/proc/self/fd/\(file.number)"), !own.contains(name)
                else { continue }
                found[name] = file
            }
        }
        kept = Array(found.values)
        namespaces = Set(found.keys)
    }

    /// Names something that still holds a namespace of ours or carries our mark; nil when nothing does.
    func remains(mark: String) -> String? {
        defer { withExtendedLifetime(kept) {} }
        for pid in Self.processes() where pid != "\(getpid())" {
            if Self.isMarked(pid, mark) { return "process " + Self.describe(pid) }
            if let held = Self.namespaces(of: pid).first(where: namespaces.contains) {
                return "\(held) of process \(Self.describe(pid))"
            }
            for entry in (try? Files.list("/proc/\(pid)/fd")) ?? [] {
                let target = (try? Files.destination(ofLink: "/proc/\(pid)/fd/\(entry.name)")) ?? ""
                if namespaces.contains(target) { return "\(target), open in process \(Self.describe(pid))" }
            }
            // A namespace that is kept by a mount shows its name as the mount's root.
            for line in (try? Surroundings.lines("/proc/\(pid)/mountinfo")) ?? [] {
                let root = line.split(separator: " ").dropFirst(3).first.map(String.init) ?? ""
                if namespaces.contains(root) { return "the mount \(line) of process \(Self.describe(pid))" }
            }
        }
        return nil
    }

    static func children() -> [Int32] {
        processes().filter { pid in
            let status = (try? Surroundings.lines("/proc/\(pid)/status")) ?? []
            return status.contains("PPid:\t\(getpid())")
        }.compactMap { Int32($0) }
    }

    static func describe(_ pid: Int32) -> String { describe(String(pid)) }

    private static func describe(_ pid: String) -> String {
        let words = (try? Files.read("/proc/\(pid)/cmdline")) ?? []
        return pid + " " + String(decoding: words.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
    }

    private static let kinds = ["net", "mnt", "pid", "user", "uts", "ipc"]

    private static func processes() -> [String] {
        ((try? Files.list("/proc")) ?? []).map(\.name).filter { $0.allSatisfy(\.isNumber) }
    }

    private static func isMarked(_ pid: String, _ mark: String) -> Bool {
        guard let bytes = try? Files.read("/proc/\(pid)/environ") else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual(mark.utf8) }
    }

    private static func namespaces(of pid: String) -> [String] {
        kinds.compactMap { try? Files.destination(ofLink: "/proc/\(pid)/ns/\($0)") }
    }
}
