import CLinux
import Glibc
import SupportLinux

/// Places a host's own files and folders over the machine's; used on a thread in the host's mount namespace.
///
/// What is placed lies on memory file systems of that namespace alone, so it goes with it, and no file of the machine
/// is touched.
struct HostFiles {
    /// Who gets files of `.program`; nil: they stay with whoever made them.
    let owner: Launch.User?
    private var devices: Set<UInt64> = []
    private var scratchNames = 0
    private static let scratch = "/run/.lab"

    init(owner: Launch.User?) { self.owner = owner }

    /// Covers /run by an empty one that has only the paths to keep, and room for our files.
    mutating func hideRun(keeping kept: [String]) throws(SystemError) {
        var trees: [(path: String, tree: FileDescriptor)] = []
        for path in kept where path.hasPrefix("/run/") && Files.kind(of: path) == .directory {
            trees.append((path, FileDescriptor(owning: try checked("keep \(path)") { lab_detach_tree(path) })))
        }
        // A machine whose /run is missing has nothing there to hide, but our files need a place.
        if !Files.exists("/run") { return try shadow("/", adding: "run") }
        try mountMemory(on: "/run", mode: 0o755)
        for (path, tree) in trees {
            try Files.createDirectories(path)
            try checked("keep \(path)") { lab_attach_tree(tree.number, path) }
        }
        try Files.createDirectories(Self.scratch)
    }

    mutating func place(_ directory: PlannedDirectory) throws(SystemError) {
        let path = Self.resolved(directory.path)
        var copies: [(Files.Entry, content: [UInt8])] = []
        if directory.copiesOriginal, Files.kind(of: path) == .directory {
            for entry in try Files.list(path) {
                switch entry.kind {
                case .symbolicLink:
                    copies.append((entry, Array(try Files.destination(ofLink: "\(path)/\(entry.name)").utf8)))
                case .file:
                    // What this user may not read, programs could not have read either.
                    if let content = try? Files.read("\(path)/\(entry.name)") { copies.append((entry, content)) }
                default: break
                }
            }
        }
        try prepare(path, isDirectory: true)
        if !isOurs(path) { try mountMemory(on: path, mode: mode_t(directory.mode)) }
        try checked("set the mode of \(path)") { chmod(path, mode_t(directory.mode)) }
        for (entry, content) in copies {
            let copy = "\(path)/\(entry.name)"
            if entry.kind == .symbolicLink {
                try checked("copy \(copy)") { symlink(String(decoding: content, as: UTF8.self), copy) }
            } else {
                try Files.write(content, to: copy)
                try give(copy, to: directory.owner)
            }
        }
        try give(path, to: directory.owner)
    }

    mutating func place(_ file: PlannedFile) throws(SystemError) {
        let path = Self.resolved(file.path)
        try prepare(path, isDirectory: false)
        if isOurs(Self.parent(of: path)) {
            unlink(path)
            try Files.write(file.contents, to: path, mode: mode_t(file.mode))
            return try give(path, to: file.owner)
        }
        scratchNames += 1
        let source = "\(Self.scratch)/\(scratchNames)"
        try Files.write(file.contents, to: source, mode: mode_t(file.mode))
        try give(source, to: file.owner)
        try checked("place \(path)") { lab_bind(source, path, 0) }
    }

    // MARK: Places

    /// Sees to it that the path exists, or can be created.
    private mutating func prepare(_ path: String, isDirectory: Bool) throws(SystemError) {
        if Files.exists(path) { return }
        var ancestor = Self.parent(of: path)
        var child = Self.name(of: path)
        while !Files.exists(ancestor) {
            child = Self.name(of: ancestor)
            ancestor = Self.parent(of: ancestor)
        }
        if !isOurs(ancestor) { try shadow(ancestor, adding: isDirectory || child != Self.name(of: path) ? child : nil) }
        try Files.createDirectories(isDirectory ? path : Self.parent(of: path))
    }

    /// Covers a folder by one in memory that leads to everything the old one has, so that names can be added.
    private mutating func shadow(_ path: String, adding name: String?) throws(SystemError) {
        guard path != "/" else { throw SystemError("add /\(name ?? "") to the machine's root", code: EROFS) }
        let entries = try Files.list(path)
        scratchNames += 1
        let old = "\(Self.scratch)/\(scratchNames)"
        try Files.createDirectories(old)
        try checked("move \(path) aside") { lab_bind(path, old, 1) }
        try mountMemory(on: path, mode: 0o755)
        for entry in entries {
            let (from, to) = ("\(old)/\(entry.name)", "\(path)/\(entry.name)")
            switch entry.kind {
            case .symbolicLink:
                let target = try Files.destination(ofLink: from)
                try checked("show \(to)") { symlink(target, to) }
                continue
            case .directory: try checked("show \(to)") { mkdir(to, 0o755) }
            case .file, .other: try Files.write([], to: to)
            }
            try checked("show \(to)") { lab_bind(from, to, 1) }
        }
        if let name { try Files.createDirectories("\(path)/\(name)") }
    }

    private mutating func mountMemory(on path: String, mode: mode_t) throws(SystemError) {
        let options = "mode=0\(String(mode, radix: 8)),size=64m"
        try checked("mount \(path)") { lab_mount("tmpfs", path, options) }
        if let device = Self.device(of: path) { devices.insert(device) }
    }

    private func isOurs(_ path: String) -> Bool { Self.device(of: path).map(devices.contains) ?? false }

    private func give(_ path: String, to planned: PlannedOwner) throws(SystemError) {
        guard planned == .program, let owner else { return }
        try checked("give \(path) to the user of programs") { chown(path, owner.uid, owner.gid) }
    }

    private static func device(of path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_dev) : nil
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
    }

    /// The path with every link on the way followed, also one that leads nowhere: /etc/resolv.conf often leads into
    /// the /run that is now covered.
    static func resolved(_ path: String) -> String {
        var open = path.split(separator: "/").map(String.init)
        var done: [String] = []
        var links = 0
        while !open.isEmpty {
            let part = open.removeFirst()
            if part == "." { continue }
            if part == ".." {
                _ = done.popLast()
                continue
            }
            done.append(part)
            let current = "/" + done.joined(separator: "/")
            guard links < 40, let target = try? Files.destination(ofLink: current) else { continue }
            links += 1
            if target.hasPrefix("/") { done = [] } else { done.removeLast() }
            open = target.split(separator: "/").map(String.init) + open
        }
        return "/" + done.joined(separator: "/")
    }
}
