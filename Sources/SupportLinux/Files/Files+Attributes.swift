import Glibc

extension Files {
    /// The permission bits of a file, such as 0o600; nil where there is none.
    package static func permissions(of path: String) -> UInt32? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return information.st_mode & 0o7777
    }

    /// Whether this process may make files in a folder.
    package static func mayWrite(in folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

    /// How many bytes a file has, following links; nil where there is none.
    package static func size(of path: String) -> Int? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return Int(information.st_size)
    }

    package static func setOwner(of path: String, uid: UInt32, gid: UInt32) throws(SystemError) {
        try checked("give away \(path)") { chown(path, uid, gid) }
    }

    /// Makes `path` a symbolic link to `destination`, replacing one that is there in one stroke.
    package static func replaceLink(_ path: String, destination: String) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        try checked("link \(path)") { symlink(destination, temporary) }
        try checked("link \(path)") { rename(temporary, path) }
    }
}

extension OwnProcess {
    package static var isRoot: Bool { geteuid() == 0 }

    /// The working directory, absolute.
    package static func workingDirectory() throws(SystemError) -> String {
        guard let path = getcwd(nil, 0) else { throw SystemError.current("find the working directory") }
        defer { free(path) }
        return String(cString: path)
    }
}
