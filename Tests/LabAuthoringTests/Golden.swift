import Foundation
import LabTestSupport
import Testing

/// Files of the checkout that are made from code. `LAB_UPDATE_GOLDEN=1` writes them anew.
enum Golden {
    /// - Parameter path: from the checkout's root.
    static func compare(_ bytes: [UInt8], with path: String) throws {
        let file = URL(fileURLWithPath: Repository.root + "/" + path)
        if ProcessInfo.processInfo.environment["LAB_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file, options: .atomic)
        }
        let found = FileManager.default.contents(atPath: file.path).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            found == String(decoding: bytes, as: UTF8.self),
            "\(path) is not current: LAB_UPDATE_GOLDEN=1 bin/test --filter LabAuthoringTests writes it anew")
    }
}
