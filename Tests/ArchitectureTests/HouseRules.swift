/// The rules of the house that a compiler does not check. Each gives one sentence for everything that breaks it.
enum HouseRules {
    /// Layers from the ground up; a module belongs to the one whose name begins its own.
    static let layers = ["C", "Support", "Wire", "Engine", "Lab", "lab"]

    static func layer(of module: String) -> Int? {
        if module == "lab" { return 5 }
        // C modules are C and then a capital: CLinux.
        if module.hasPrefix("C"), module.dropFirst().first?.isUppercase == true { return 0 }
        return layers.indices.dropFirst().last { module.hasPrefix(layers[$0]) && layers[$0] != "lab" }
    }

    /// Imports go down; within a layer they are allowed but between engines, which know nothing of each other.
    static func importsGoingUp(_ file: SourceFile, modules: Set<String>) -> [String] {
        guard let own = layer(of: file.module) else { return ["\(file.path): \(file.module) belongs to no layer"] }
        return file.imports.filter { modules.contains($0) && $0 != file.module }.compactMap { name in
            guard let other = layer(of: name) else { return nil }
            if other > own { return "\(file.path) imports \(name), which stands above it" }
            if own == 3, other == 3 { return "\(file.path) imports \(name): no engine imports another" }
            return nil
        }
    }

    /// Below the labs there is no Foundation; in them only its essentials, but for reports and grading.
    static func foundation(_ file: SourceFile) -> [String] {
        guard let layer = layer(of: file.module) else { return [] }
        return file.imports.compactMap { name in
            switch name {
            case "Foundation" where !["LabReport", "LabGrading"].contains(file.module):
                "\(file.path) imports Foundation"
            case "FoundationEssentials" where layer < 4: "\(file.path) imports FoundationEssentials below the labs"
            case "XCTest": "\(file.path) imports XCTest: tests are written with Testing"
            default: nil
            }
        }
    }

    static func length(_ file: SourceFile) -> [String] {
        file.lines.count > 400 ? ["\(file.path) has \(file.lines.count) lines; 400 are the most"] : []
    }

    /// What would trap, or hides from review.
    static func forbiddenWords(_ file: SourceFile) -> [String] {
        file.code.flatMap { number, text in
            ["try!", "as!", "fatalError(", "public "].filter { word in
                guard let found = text.firstRange(of: word) else { return false }
                let before = text[..<found.lowerBound].last
                return before.map { !$0.isLetter && $0 != "_" && $0 != "." } ?? true
            }.map { "\(file.path):\(number) has `\($0.trimmedEnd)`" }
        }
    }

    static func openEnds(_ file: SourceFile) -> [String] {
        file.lines.enumerated().filter { $0.element.contains("TO" + "DO") || $0.element.contains("FIX" + "ME") }
            .map { "\(file.path):\($0.offset + 1) leaves something open" }
    }

    /// `@unchecked Sendable` has its reason beside it: in a comment on the line or in the lines before it.
    static func uncheckedSendable(_ file: SourceFile) -> [String] {
        file.code.filter { $0.text.contains("@unchecked Sendable") }.compactMap { number, _ in
            let around = file.lines[max(0, number - 6)..<min(file.lines.count, number + 1)]
            return around.contains { $0.contains("//") }
                ? nil : "\(file.path):\(number) is @unchecked Sendable without a reason beside it"
        }
    }
}

extension String {
    fileprivate var trimmedEnd: String { hasSuffix(" ") ? String(dropLast()) : self }
}
