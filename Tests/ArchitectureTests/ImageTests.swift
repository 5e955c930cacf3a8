import Foundation
import LabTestSupport
import Testing

/// The recipe of the container image, held to the manifest and to the set-up of a machine without containers.
@Suite("The image")
struct ImageTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/" + path, encoding: .utf8)
    }

    /// Folders that hold a target, as the manifest names them or by SwiftPM's habit.
    static func folders(ofManifest manifest: String) -> Set<String> {
        let named = manifest.matches(of: /path: "([^"\/]+)\//).map { String($0.1) }
        return Set(named).union(["Sources", "Tests"])
    }

    @Test("it is built from every folder that the manifest names")
    func folders() throws {
        let folders = Self.folders(ofManifest: try Self.text("Package.swift"))
        #expect(folders.contains("Benchmarks"))
        let copied = try Self.text(".ci/Dockerfile").matches(of: /(?m)^COPY (\S+) \S+$/).map { String($0.1) }
        #expect(folders.subtracting(copied) == [])
    }

    @Test("it is built with the packages that bin/setup installs")
    func packages() throws {
        let setup = try Self.text("bin/setup")
        let wanted = try #require(setup.firstMatch(of: /build_packages="([^"]+)"/)).1.split { " \\\n".contains($0) }
        let recipe = try Self.text(".ci/Dockerfile")
        let stage = try #require(recipe.firstMatch(of: /install -y --no-install-recommends ([^&]+)/)).1
        let installed = stage.split { " \\\n".contains($0) }
        #expect(!wanted.isEmpty)
        #expect(Set(wanted).subtracting(installed) == [])
    }
}
