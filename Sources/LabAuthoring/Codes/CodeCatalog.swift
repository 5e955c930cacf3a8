/// Every code that a diagnostic may have. A test compares it with the sources and with the gallery of broken labs.
package enum CodeCatalog {
    package static let all: [CodeExplanation] = families.flatMap { $0 }

    private static let families = [
        YAMLCodes.all,
        TextCodes.all,
        FieldCodes.all,
        LabCodes.all,
        StepCodes.all,
        CheckCodes.all,
        QuestionCodes.syntax,
        QuestionCodes.meaning,
        WorldCodes.all,
        VariableCodes.all,
        ReuseCodes.all,
        ConditionCodes.all,
        AskCodes.all,
        KeyCodes.all,
        TranslationCodes.all,
    ]

    package static func named(_ code: String) -> CodeExplanation? { byCode[code] }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
}
