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
    /// The values of variables and of the world's addresses.
    package var references: [String: Value]
    package var seed: Seed
    /// What the lab was read from, as it is written.
    package var tree = LabTree()
    /// The language of the translation that is in place; nil: the lab's own.
    package var language: LanguageTag?

    package var hasErrors: Bool { lab == nil || problems.contains { $0.severity == .error } }
}

/// Reads labs: structure, types, references and questions, all problems of a file in one pass.
package struct LabLoader: Sendable {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    /// The bytes of a file, or nil where there is none.
    let readFile: @Sendable (String) -> [UInt8]?
    /// The names of what lies in a folder, given with its `/`; the working directory where that is empty.
    let listFolder: @Sendable (String) -> [String]
    /// What only the engine that emulates a world can tell of it, such as loops.
    let examineWorld: @Sendable (WorldDefinition) -> [Diagnostic]

    package init(
        catalogue: [StepSchema], sharedTables: [Table], readFile: @escaping @Sendable (String) -> [UInt8]?,
        listFolder: @escaping @Sendable (String) -> [String] = { _ in [] },
        examineWorld: @escaping @Sendable (WorldDefinition) -> [Diagnostic] = { _ in [] }
    ) {
        self.catalogue = catalogue
        self.sharedTables = sharedTables
        self.readFile = readFile
        self.listFolder = listFolder
        self.examineWorld = examineWorld
    }

    /// The same, with other contents for some files, by the paths that they are read from.
    package func replacing(_ files: [String: [UInt8]]) -> LabLoader {
        let readFile = readFile
        return LabLoader(
            catalogue: catalogue, sharedTables: sharedTables, readFile: { files[$0] ?? readFile($0) },
            listFolder: listFolder, examineWorld: examineWorld)
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
        guard let bytes = readFile(path) else {
            problems.report(Diagnostic("lab.no-file", "there is no file `\(path)`"))
            loaded.problems = problems.all
            return loaded
        }
        let file = SourceFile(name: shownAs ?? path, bytes: bytes)
        if let root = YAMLDocument.read(file, problems: problems),
            var fields = FieldReader(root, of: "the lab", declared: LabGrammar.lab.names, problems)
        {
            let keyFile = keyFile(key ?? LabKey.path(of: path), shownAs: key ?? LabKey.path(of: shownAs ?? path))
            if key != nil, keyFile == nil {
                problems.report(Diagnostic("lab.no-file", "there is no file `\(key ?? "")`"))
            }
            read(
                &fields, path: path, bytes: bytes, settings: settings, keyFile: keyFile, edits: edits ?? LabEdits(),
                into: &loaded)
            if edits == nil, let lab = loaded.lab, let wrong = lab.key?.wrong {
                let checks = WrongRunChecks(lab: lab, loaded: loaded, catalogue: catalogue, problems: problems) {
                    var changed = settings
                    changed.overrides.merge($1) { $1 }
                    return load(path, shownAs: shownAs, settings: changed, key: key, edits: $0)
                }
                for run in wrong { checks.verify(run) }
            }
            translate(path, &loaded, settings: settings, isAlone: edits == nil, problems)
        }
        loaded.problems = problems.inFileOrder
        return loaded
    }

    private func keyFile(_ path: String, shownAs name: String) -> SourceFile? {
        readFile(path).map { SourceFile(name: name, bytes: $0) }
    }

    private func read(
        _ fields: inout FieldReader, path: String, bytes: [UInt8], settings: LabSettings, keyFile: SourceFile?,
        edits: LabEdits, into loaded: inout LoadedLab
    ) {
        let problems = fields.problems
        _ = fields.integer("format", in: 1...1, required: true)
        let name = fields.string("lab", required: true)?.value ?? "lab"
        let title = fields.text("title", required: true)
        let credit = fields.choice("credit", as: Credit.self)?.value ?? .run
        loaded.seed = settings.seed.map(Seed.init) ?? Seed(student: settings.student, lab: name)

        var declarations = Declarations()
        let variables = VariableReader(problems: problems).read(&fields)
        for variable in variables {
            declarations.declare(
                variable: variable.name,
                value: VariableReader.value(
                    of: variable, override: settings.overrides[variable.name], seed: loaded.seed, problems))
        }
        for name in settings.overrides.keys.sorted() where !variables.contains(where: { $0.name == name }) {
            problems.report(.unknownSetting(name, variables: variables.map(\.name)))
        }

        // A variable that could not be read is a problem once; what refers to it is none.
        for name in fields.node("vars")?.mapping?.map(\.key.text) ?? [] where !declarations.contains(name) {
            declarations.declare(unreadable: name)
        }

        var files = [LabFile(path: Paths.last(path), bytes: bytes)]
        let variableNames = Set(variables.map(\.name))
        let world = readWorld(
            &fields, beside: path, names: variableNames, edits: edits, files: &files, &loaded.tree, problems)
        if let world {
            declarations.declare(world: world.references)
            // A world with mistakes of its own says nothing about the ways through it.
            if !problems.hasErrors { for problem in examineWorld(world) { problems.report(problem) } }
        }
        let host = fields.string("at")
        if let host, let world, world.host(host.value).map(\.isVirtual) ?? true {
            problems.report(.unknownHost(host.value, in: world, at: host.span))
        }
        let key = keyFile.map { KeyReader($0, lab: name, problems) }
        let steps = readSteps(
            &fields, &declarations, world: world, host: host?.value ?? "", hidden: key?.hidden ?? HiddenChecks(),
            edits: edits, &loaded.tree, problems)
        fields.finish(help: "`lab explain lab` lists what a lab may have")
        loaded.references = declarations.values
        var lab = LabDefinition(
            name: name, title: Template(title?.text ?? name, isDeclared: declarations.contains), credit: credit,
            world: world, host: host?.value ?? "", variables: variables, steps: steps, files: files)
        lab.titleSpan = title?.span
        key?.finish(&lab)
        if let edition = readFile(PublishedEdition.path(of: path)) {
            lab.edition = PublishedEdition.read(edition, of: lab, shownAs: PublishedEdition.path(of: path), problems)
            lab.files.append(LabFile(path: Paths.last(PublishedEdition.path(of: path)), bytes: edition))
        }
        loaded.lab = lab
        ControlChecks.verify(steps, problems)
        LabChecks(catalogue: catalogue, sharedTables: sharedTables, problems: problems).verify(
            fields.node, steps: steps, world: world, declarations: declarations)
    }

    private func readWorld(
        _ fields: inout FieldReader, beside path: String, names: Set<String>, edits: LabEdits,
        files: inout [LabFile], _ tree: inout LabTree, _ problems: Problems
    ) -> WorldDefinition? {
        guard let node = fields.node("world") else { return nil }
        let reader = WorldReader(problems: problems, isDeclared: names.contains)
        func read(_ node: YAMLNode) -> WorldDefinition? {
            let node = edits.world(node)
            tree.world = node
            return reader.read(node)
        }
        guard node.mapping == nil else { return read(node) }
        guard let name = node.string("`world` of the lab", problems) else { return nil }
        guard RunFolder.isInside(name.value) else {
            problems.report(
                Diagnostic(
                    "lab.outside", "a world lies in or below the lab's own folder, found `\(name.value)`",
                    at: name.span))
            return nil
        }
        let worldPath = Paths.folder(path) + name.value
        guard let bytes = readFile(worldPath) else {
            problems.report(
                Diagnostic("lab.no-world", "there is no file `\(worldPath)`", at: name.span))
            return nil
        }
        files.append(LabFile(path: name.value, bytes: bytes))
        let file = SourceFile(name: worldPath, bytes: bytes)
        return YAMLDocument.read(file, problems: problems).flatMap(read)
    }

    private func readSteps(
        _ fields: inout FieldReader, _ declarations: inout Declarations, world: WorldDefinition?, host: String,
        hidden: HiddenChecks, edits: LabEdits, _ tree: inout LabTree, _ problems: Problems
    ) -> [StepDefinition] {
        // Both take the steps as they will be: after all that repeats or includes them.
        tree.steps = edits.steps(fields.list("steps", required: true) ?? [])
        let items = hidden.added(to: tree.steps)
        let all = Set(items.compactMap { $0.value(of: "id")?.scalar?.text })
        var section = ""
        var steps: [StepDefinition] = []
        var earlier: [String: String] = [:]
        for item in items {
            if let title = sectionTitle(item, problems) {
                section = title
                continue
            }
            let reader = StepReader(
                catalogue: catalogue, sharedTables: sharedTables, declarations: declarations, world: world,
                defaultHost: host, earlier: earlier, all: all, problems: problems)
            guard let step = reader.read(item, section: section, position: steps.count + 1) else { continue }
            steps.append(step)
            earlier[step.id] = step.kind
            if let schema = catalogue.first(where: { $0.name == step.kind }) {
                declarations.declare(step: step.id, of: schema)
            }
        }
        if steps.isEmpty, !problems.hasErrors {
            problems.report(
                Diagnostic(
                    "lab.empty", "a lab without steps checks nothing",
                    at: fields.pair("steps")?.key.span ?? fields.node.span.startPoint,
                    help: ["`lab explain` lists the kinds of steps"]))
        }
        return steps
    }

    /// The title of a section, where the item is one: it has a `section` and no kind.
    private func sectionTitle(_ item: YAMLNode, _ problems: Problems) -> String? {
        guard let pairs = item.mapping, pairs.contains(where: { $0.key.text == "section" }),
            !pairs.contains(where: { pair in catalogue.contains { $0.name == pair.key.text } }),
            var fields = FieldReader(item, of: "a section", problems)
        else { return nil }
        let title = fields.text("section")?.text
        fields.finish(help: "a section has a title only; its steps follow as items of their own")
        return title ?? ""
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

extension Diagnostic {
    fileprivate static func unknownSetting(_ name: String, variables: [String]) -> Diagnostic {
        let nearest = Suggestion.nearest(to: name, among: variables)
        return Diagnostic(
            "lab.unknown-setting", "`--set \(name)=…`: the lab has no variable `\(name)`",
            notes: nearest.map { ["did you mean `\($0)`?"] } ?? [],
            help: variables.isEmpty ? [] : ["its variables are " + variables.map { "`\($0)`" }.joined(separator: ", ")])
    }
}
