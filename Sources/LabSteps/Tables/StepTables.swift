import SupportQuestions

/// Tables that more than one kind derives.
package enum StepTables {
    package static let listen = Table(
        "listen", "a port, and whether somebody answers on it",
        fields: [
            Field("lab.listen.port", .unsigned, "the port", bits: 16),
            Field("lab.listen.address", .string, "the address that is listened on, or that was tried"),
            Field("lab.listen.open", .boolean, "whether somebody listens"),
            Field("lab.listen.greeting", .string, "what the service said first"),
        ])

    package static let program = Table(
        "program", "a program that was run",
        fields: [
            Field("lab.program.exit", .unsigned, "its exit status; 128 and the signal's number for a signal"),
            Field("lab.program.stdout", .bytes, "what it printed"),
            Field("lab.program.stderr", .bytes, "what it complained about"),
            Field("lab.program.name", .string, "its name"),
        ])

    package static let terminal = Table(
        "terminal", "what a program showed on its terminal",
        fields: [Field("lab.terminal.text", .string, "all that was shown, control sequences left out")])

    package static let file = Table(
        "file", "a file that the step made or took",
        fields: [
            Field("lab.file.name", .string, "its name"),
            Field("lab.file.size", .unsigned, "its size in bytes"),
            Field("lab.file.mode", .unsigned, "its permissions, such as 0600"),
            Field("lab.file.content", .bytes, "its bytes"),
            Field("lab.file.sha256", .bytes, "the SHA-256 of its bytes"),
        ])

    package static let certificate = Table(
        "certificate", "a certificate that was seen or handed over",
        fields: [
            Field("lab.certificate.subject", .string, "whom it names (RFC 4514)"),
            Field("lab.certificate.issuer", .string, "who signed it (RFC 4514)"),
            Field("lab.certificate.sha256", .bytes, "the SHA-256 of its DER form, the usual fingerprint"),
            Field("lab.certificate.ca", .boolean, "whether it may sign others"),
            Field("lab.certificate.not_after", .time, "when it ends"),
        ])

    package static let capture = Table(
        "capture", "an interface that is being captured",
        fields: [
            Field("lab.capture.interface", .string, "the interface's name"),
            Field("lab.capture.running", .boolean, "whether the capture had begun when the step ended"),
        ])
}
