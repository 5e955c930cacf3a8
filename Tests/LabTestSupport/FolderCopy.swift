import Foundation

/// Copies folders as whoever runs the tests: contents and permissions, not owners and times, which are not theirs to set.
package enum FolderCopy {
    package static func copy(_ source: String, to target: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: target, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: source) {
            let from = source + "/" + name
            let attributes = try files.attributesOfItem(atPath: from)
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory?: try copy(from, to: target + "/" + name)
            case .typeRegular?:
                let path = target + "/" + name
                try Data(contentsOf: URL(fileURLWithPath: from)).write(to: URL(fileURLWithPath: path))
                if let mode = attributes[.posixPermissions] {
                    try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                }
            default: break
            }
        }
    }
}
