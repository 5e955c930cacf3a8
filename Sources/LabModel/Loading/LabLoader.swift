import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// What decides a run besides the lab's text.
package struct LabSettings: Sendable {
    package var student: String
    /// Nil: from the student and the lab's name.
    package var seed: UInt64?
    /// `--set NAME=VALUE`
    package var overrides: [String: String]
    /// The language of the lab's texts; nil: as they are written, and every translation beside the lab is checked.
    package var language: LanguageTag?

    package init(
        student: String = "", seed: UInt64? = nil, overrides: [String: String] = [:], language: LanguageTag? = nil
    ) {
        self.student = student
        self.seed = seed
        self.overrides = overrides
        self.language = language
    }
}

/// A lab that has been read, with all that was noticed on the way.
package struct LoadedLab: Sendable {
    /// Nil where the file cannot be used at all.
    package var lab: LabDefinition?
    package var problems: [Diagnostic]
    /// The values of variables, of the student and of the world's addresses.
    package var references: [String: Value]
    package var seed: Seed
    /// What the lab was read from, as it is written.
    package var tree = LabTree()
    /// The language of the translation that is in place; nil: the lab's own.
    package var language: LanguageTag?

    package var hasErrors: Bool { lab == nil || problems.contains { $0.severity == .error } }
}

/// Reads labs: structure, types, references and questions, all problems of a file in one pass.
///
/// What the main file names is read in this order: variables, world, groups, then the steps with all that they include,
/// each concern by a reader of its own.
package struct LabLoader: Sendable {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    /// The bytes of a file, or nil where there is none.
    let readFile: @Sendable (String) -> [UInt8]?
    /// How many bytes a file has, where `readFile` may give fewer.
    let fileSize: @Sendable (String) -> Int?
    /// The names of what lies in a folder, given with its `/`; the working directory where that is empty.
    let listFolder: @Sendable (String) -> [String]
    /// What only the engine that emulates a world can tell of it, such as loops.
    let examineWorld: @Sendable (WorldDefinition) -> [Diagnostic]
    /// Whether a path below a folder (`Labs/`) leads nowhere else, through links above all.
    let isInside: @Sendable (_ folder: String, _ path: String) -> Bool
    /// Of a lab that is loaded many times.
    let known: KnownFiles?

    /// As much as is worth reading of a file: with one byte more than a document may have it is refused.
    package static let mostBytes = YAMLLimits().bytes + 1

    package init(
        catalogue: [StepSchema], sharedTables: [Table], readFile: @escaping @Sendable (String) -> [UInt8]?,
        fileSize: @escaping @Sendable (String) -> Int? = { _ in nil },
        listFolder: @escaping @Sendable (String) -> [String] = { _ in [] },
        examineWorld: @escaping @Sendable (WorldDefinition) -> [Diagnostic] = { _ in [] },
        isInside: @escaping @Sendable (_ folder: String, _ path: String) -> Bool = { _, _ in true }
    ) {
        self.init(
            catalogue: catalogue, sharedTables: sharedTables, readFile: readFile, fileSize: fileSize,
            listFolder: listFolder, examineWorld: examineWorld, isInside: isInside, known: nil)
    }

    init(
        catalogue: [StepSchema], sharedTables: [Table], readFile: @escaping @Sendable (String) -> [UInt8]?,
        fileSize: @escaping @Sendable (String) -> Int?, listFolder: @escaping @Sendable (String) -> [String],
        examineWorld: @escaping @Sendable (WorldDefinition) -> [Diagnostic] = { _ in [] },
        isInside: @escaping @Sendable (_ folder: String, _ path: String) -> Bool, known: KnownFiles?
    ) {
        self.catalogue = catalogue
        self.sharedTables = sharedTables
        self.readFile = readFile
        self.fileSize = fileSize
        self.listFolder = listFolder
        self.examineWorld = examineWorld
        self.isInside = isInside
        self.known = known
    }

    /// The same, with other contents for some files, by the paths that they are read from.
    package func replacing(_ files: [String: [UInt8]]) -> LabLoader {
        reading { files[$0] }
    }

    /// The same loader with some files from elsewhere.
    package func reading(_ first: @escaping @Sendable (String) -> [UInt8]?) -> LabLoader {
        LabLoader(
            catalogue: catalogue, sharedTables: sharedTables, readFile: { [readFile] in first($0) ?? readFile($0) },
            fileSize: { [fileSize] in first($0) == nil ? fileSize($0) : nil }, listFolder: listFolder,
            examineWorld: examineWorld, isInside: isInside)
    }

    /// A file for problems to point into; nil where there is none.
    func source(_ path: String, shownAs name: String) -> SourceFile? {
        func read() -> SourceFile? {
            readFile(path).map { SourceFile(name: name, bytes: $0, size: fileSize(path)) }
        }
        return known.map { $0.source(path, read) } ?? read()
    }

    /// - Parameter path: the lab's main file; what it includes lies in or below its folder.
    /// - Parameter shownAs: what diagnostics call the main file, where that is not the path it is read from.
    /// - Parameter key: the key file; nil: the one beside the lab, if there is one.
    /// - Parameter edits: what is changed between reading and understanding, for a wrong run.
    package func load(
        _ path: String, shownAs: String? = nil, settings: LabSettings = LabSettings(), key: String? = nil,
        edits: LabEdits? = nil
    ) -> LoadedLab {
        let problems = Problems()
        var loaded = LoadedLab(lab: nil, problems: [], references: [:], seed: Seed(settings.seed ?? 0))
        let name = shownAs ?? path
        guard let file = source(path, shownAs: name) else {
            problems.report(Diagnostic("lab.no-file", "there is no file `\(path)`"))
            loaded.problems = problems.all
            return loaded
        }
        if let root = document(file, problems),
            var fields = FieldReader(root, of: "the lab", declared: LabGrammar.lab.names, problems)
        {
            let files = LabFiles(main: path, bytes: file.bytes, shownAs: name, loader: self)
            let keyFile = source(key ?? LabKey.path(of: path), shownAs: key ?? LabKey.path(of: name))
            if key != nil, keyFile == nil {
                problems.report(Diagnostic("lab.no-file", "there is no file `\(key ?? "")`"))
            }
            read(
                &fields, files, settings, keyFile: keyFile, keyPath: key ?? LabKey.path(of: path),
                edits: edits, into: &loaded)
            readEdition(of: path, shownAs: name, &loaded, problems)
            if edits == nil { verifyWrongRuns(of: loaded, path, shownAs, settings, key: key, problems) }
            translate(path, &loaded, settings: settings, isAlone: edits == nil, problems)
        }
        loaded.problems = problems.inFileOrder
        return loaded
    }

    /// Files that a key names, in or below its own folder.
    private func beside(_ key: String) -> (String) -> [UInt8]? {
        let folder = Paths.folder(key)
        return { GivenFile.isName($0) && isInside(folder, $0) ? readFile(folder + $0) : nil }
    }

    private func read(
        _ fields: inout FieldReader, _ files: LabFiles, _ settings: LabSettings, keyFile: SourceFile?, keyPath: String,
        edits: LabEdits?, into loaded: inout LoadedLab
    ) {
        let problems = fields.problems
        _ = fields.integer("format", in: 1...1, required: true)
        let name = fields.string("lab", required: true)?.value ?? "lab"
        let title = fields.text("title", required: true)
        let credit = fields.choice("credit", as: Credit.self)?.value ?? .run
        let stated = fields.double("max-points")
        loaded.seed = settings.seed.map(Seed.init) ?? Seed(student: settings.student, lab: name)

        let declarations = Declarations()
        declarations.declare("student", .init(value: .string(settings.student)))
        let variables = VariableReader(files: files, problems: problems).read(fields.node("vars"))
        let values = VariableValues(settings: settings, seed: loaded.seed, problems: problems)
        for variable in variables { declarations.declare(variable: variable, value: values.value(of: variable)) }
        values.reportUnknown(among: variables)

        // A variable that could not be read is a problem once; what refers to it is none.
        for name in fields.node("vars")?.mapping?.map(\.key.text) ?? []
        where name != "include" && !declarations.contains(name) {
            declarations.declare(unreadable: name)
        }

        let world = readWorld(&fields, files, declarations, edits, &loaded.tree, problems)
        if let world {
            declarations.declare(world: world.references)
            // A world with mistakes of its own says nothing about the ways through it.
            if !problems.hasErrors { for problem in examineWorld(world) { problems.report(problem) } }
        }
        let host = fields.string("at")
        if let host, let world, world.host(host.value).map(\.isVirtual) ?? true {
            problems.report(.unknownHost(host.value, in: world, at: host.span))
        }
        let groups = GroupReader(files: files, problems: problems).read(fields.node("groups"))
        var expansion = Expansion(files: files, groups: groups, problems: problems)
        let scope = Scope(declarations)
        expansion.expand(
            fields.list("steps", required: true) ?? [],
            at: .init(scope: scope, chain: IncludeChain(main: files.mainName)))
        var key = keyFile.map { KeyReader($0, document($0, problems), lab: name, problems) }
        // Both take the steps as they will be: after all that repeats or includes them.
        let written = expansion.items.map(\.node)
        loaded.tree.steps = edits?.steps(written) ?? written
        var items = expansion.items
        if edits != nil || key != nil {
            let nodes = (key?.hidden ?? HiddenChecks()).added(to: loaded.tree.steps)
            items = StepItem.matching(nodes, with: items, in: scope)
        }
        let steps = StepSequence(
            catalogue: catalogue, sharedTables: sharedTables, world: world, host: host?.value ?? "", problems: problems
        ).read(items, of: fields)
        fields.finish(help: "`lab explain lab` lists what a lab may have")
        loaded.references = declarations.values
        var lab = LabDefinition(
            name: name, title: scope.template(title?.text ?? name), credit: credit, world: world,
            host: host?.value ?? "", variables: variables, steps: steps, files: files.all)
        lab.titleSpan = title?.span
        key?.finish(&lab, references: loaded.references, readFile: beside(keyPath))
        loaded.lab = lab
        TotalChecks(lab: lab, declarations: declarations, problems: problems)
            .verify(stated: stated, groups: groups, used: expansion.usedGroups)
        if known != nil { return }
        LabChecks(catalogue: catalogue, sharedTables: sharedTables, problems: problems).verify(
            fields.node, parts: files.parts, steps: steps, world: world, declarations: declarations)
    }

    private func readWorld(
        _ fields: inout FieldReader, _ files: LabFiles, _ declarations: Declarations, _ edits: LabEdits?,
        _ tree: inout LabTree, _ problems: Problems
    ) -> WorldDefinition? {
        guard let node = fields.node("world") else { return nil }
        var root = node.mapping == nil ? nil : node
        if root == nil, let name = node.string("`world` of the lab", problems) {
            root = files.root(of: name, as: .world, problems)
        }
        tree.world = root.map { edits?.world($0) ?? $0 }
        guard let written = tree.world else { return nil }
        var variables = WorldVariables(declarations, problems)
        let filled = variables.filled(written)
        // Where a name has no value, what follows from that is not worth telling.
        let told = variables.hasGap ? Problems() : problems
        return WorldReader(problems: told, isDeclared: declarations.contains).read(filled)
    }

    // MARK: What lies beside the lab

    private func readEdition(
        of path: String, shownAs name: String, _ loaded: inout LoadedLab, _ problems: Problems
    ) {
        let file = PublishedEdition.path(of: path)
        guard let lab = loaded.lab, let bytes = readFile(file) else { return }
        loaded.lab?.edition = PublishedEdition.read(
            bytes, of: lab, shownAs: PublishedEdition.path(of: name), problems)
        loaded.lab?.files.append(LabFile(path: Paths.last(file), bytes: bytes))
    }

    private func verifyWrongRuns(
        of loaded: LoadedLab, _ path: String, _ shownAs: String?, _ settings: LabSettings, key: String?,
        _ problems: Problems
    ) {
        guard let lab = loaded.lab, let wrong = lab.key?.wrong else { return }
        let checks = WrongRunChecks(lab: lab, loaded: loaded, catalogue: catalogue, problems: problems) {
            var changed = settings
            changed.overrides.merge($1) { $1 }
            return load(path, shownAs: shownAs, settings: changed, key: key, edits: $0)
        }
        for run in wrong { checks.verify(run) }
    }
}

/// Parts of `/`-separated paths.
package enum Paths {
    /// `week2.yml` of `Labs/week2.yml`.
    package static func last(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// `Labs/` of `Labs/week2.yml`; empty for a bare name.
    package static func folder(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }
}
