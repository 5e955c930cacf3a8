import LabModel

/// Secrets that do not stand in a lab must be given.
enum SecretCheck {
    /// - Throws: the exit status, after saying which one is missing.
    static func check(_ loaded: LoadedLab) throws {
        guard let missing = loaded.missingSecrets.first else { return }
        Standard.error(
            "lab: the lab needs its secret `\(missing)`, which does not stand in it\n"
                + "  what to do: give it with `--set \(missing)=…`\n")
        throw LabModel.ExitStatus.usage.exit
    }
}
