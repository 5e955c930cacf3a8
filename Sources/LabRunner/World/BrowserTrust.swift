import LabWorld
import SupportCrypto
import SupportLinux

/// The root that every host of a world trusts, told to the browsers that do not look where all other programs look.
enum BrowserTrust {
    /// Folders of browsers' settings, and where below them a policy lies; for those that are installed on this machine.
    private static let policies = [
        (folder: "/etc/chromium", file: "policies/managed/lab-world.json"),
        (folder: "/etc/opt/chrome", file: "policies/managed/lab-world.json"),
    ]

    /// Files for a host. Chromium's policy `CACertificates` takes certificates as base64 without the lines of PEM.
    static func files(_ root: Certificate) -> [PlannedFile] {
        let lines = String(decoding: root.pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
        guard !lines.isEmpty else { return [] }
        let text = "{\"CACertificates\": [\"\(lines.joined())\"]}\n"
        return policies.filter { Files.kind(of: $0.folder) == .directory }.map {
            PlannedFile("\($0.folder)/\($0.file)", text: text)
        }
    }
}
