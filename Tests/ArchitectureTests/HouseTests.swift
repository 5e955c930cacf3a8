import Foundation
import LabTestSupport
import Testing

/// The whole checkout is held to the rules, and each rule to an example that breaks it.
@Suite("The house")
struct HouseTests {
    static let sources = SourceFile.all(in: "Sources")
    static let tests = SourceFile.all(in: "Tests")
    static let modules = folders("Sources")

    @Test("there is something to look at")
    func notEmpty() {
        #expect(Self.sources.count > 50)
        #expect(Self.tests.count > 20)
    }

    @Test("imports go down the layers, and no engine imports another")
    func layers() {
        #expect(Self.sources.flatMap { HouseRules.importsGoingUp($0, modules: Self.modules) } == [])
        let modules: Set = ["SupportLinux", "Wire", "EngineProbe", "EngineProxy", "LabModel", "CLinux"]
        func broken(_ path: String, _ text: String) -> Int {
            HouseRules.importsGoingUp(SourceFile(path: path, text: text), modules: modules).count
        }
        #expect(broken("Sources/SupportLinux/A.swift", "import Wire\n") == 1)
        #expect(broken("Sources/EngineProxy/A.swift", "package import EngineProbe\n@testable import LabModel\n") == 2)
        #expect(broken("Sources/Elsewhere/A.swift", "") == 1)
        #expect(
            broken("Sources/EngineProxy/A.swift", "import struct Wire.ByteReader\nimport CLinux\nimport NIOCore\n") == 0
        )
    }

    @Test("no Foundation below the labs, only its essentials in them, and no XCTest")
    func foundation() {
        #expect(Self.sources.flatMap(HouseRules.foundation) == [])
        #expect(Self.tests.filter { $0.imports.contains("XCTest") }.map(\.path) == [])
        func broken(_ module: String, _ text: String) -> Int {
            HouseRules.foundation(SourceFile(path: "Sources/\(module)/A.swift", text: text)).count
        }
        #expect(broken("Wire", "import Foundation\n") == 1)
        #expect(broken("EngineWeb", "internal import FoundationEssentials\n") == 1)
        #expect(broken("LabModel", "import Foundation\nimport FoundationEssentials\n") == 1)
        #expect(broken("LabReport", "import Foundation\n") == 0)
    }

    @Test("no file has more than 400 lines")
    func length() {
        #expect((Self.sources + Self.tests).flatMap(HouseRules.length) == [])
        let long = String(repeating: "x\n", count: 401)
        #expect(HouseRules.length(SourceFile(path: "Sources/Wire/A.swift", text: long)).count == 1)
    }

    @Test("nothing in the sources is forced, ends the process, or is public")
    func forbiddenWords() {
        #expect(Self.sources.flatMap(HouseRules.forbiddenWords) == [])
        func broken(_ text: String) -> Int {
            HouseRules.forbiddenWords(SourceFile(path: "Sources/Wire/A.swift", text: text)).count
        }
        #expect(broken("let a = try! b()\nlet c = d as! E\n    fatalError(\"x\")\npublic struct F {}\n") == 4)
        #expect(broken("// try! is not allowed\nlet a = \"as! public \"\nrepublic = 1\n") == 0)
    }

    @Test("nothing is left open")
    func openEnds() {
        #expect((Self.sources + Self.tests).flatMap(HouseRules.openEnds) == [])
        #expect(HouseRules.openEnds(SourceFile(path: "Sources/Wire/A.swift", text: "// TO" + "DO: later\n")).count == 1)
    }

    @Test("every unchecked Sendable has its reason beside it")
    func uncheckedSendable() {
        #expect(Self.sources.flatMap(HouseRules.uncheckedSendable) == [])
        func broken(_ text: String) -> Int {
            HouseRules.uncheckedSendable(SourceFile(path: "Sources/Wire/A.swift", text: text)).count
        }
        #expect(broken("import Glibc\n\nfinal class A: @unchecked Sendable {\n}\n") == 1)
        #expect(broken("/// Used by one thread at a time.\nfinal class A: @unchecked Sendable {\n}\n") == 0)
    }

    @Test("every folder of tests mirrors a module, or is one of the few that look at the whole")
    func mirror() {
        let whole: Set = [
            "ArchitectureTests", "Fuzzing", "FuzzingTests", "InteropTests", "LabTestSupport", "WorldProbe",
        ]
        let strays = Self.folders("Tests").subtracting(whole).filter { name in
            !name.hasSuffix("Tests") || !Self.modules.contains(String(name.dropLast(5)))
        }
        #expect(strays.sorted() == [])
    }

    /// Names of the folders in a folder of the checkout that hold anything.
    private static func folders(_ folder: String) -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Repository.root + "/" + folder)) ?? []
        return Set(
            names.filter { name in
                let inside = try? FileManager.default.contentsOfDirectory(
                    atPath: "\(Repository.root)/\(folder)/\(name)")
                return inside?.isEmpty == false
            })
    }
}
