import LabModel
import SupportDiagnostics

/// Whether a key belongs to the lab of a run: only then do its hidden checks say something about the run.
enum KeyOwnership {
    /// The lab that a key belongs to, by its name.
    @discardableResult
    static func lab(of key: String) throws -> String {
        guard let path = LabKey.lab(of: key) else {
            throw Diagnostics([
                Diagnostic("key.name", "`\(key)` is no key file: those are named `NAME.key.yml`, beside `NAME.yml`")
            ])
        }
        return path
    }

    /// - Parameters:
    ///   - lab: the run's lab, read together with the key.
    ///   - key: the key file, beside the instructor's lab.
    static func verify(_ lab: LabDefinition, key: String) throws {
        let path = try Self.lab(of: key)
        let loaded = LabLoader.standard.load(path, settings: LabSettings(language: .english))
        guard let own = loaded.lab, !loaded.hasErrors else { throw Diagnostics(loaded.problems) }
        // What students see decides, not what a manifest in their hands says of itself.
        guard LabDigests.judging(of: lab.withoutKey) == LabDigests.judging(of: own.withoutKey) else {
            throw Diagnostics([
                Diagnostic(
                    "key.other-edition", "the run was made with another edition of `\(lab.name)` than `\(path)`",
                    help: [
                        "hidden checks say something only about runs of their own edition; without `--key` the run is "
                            + "judged by what it was made with"
                    ])
            ])
        }
    }
}
