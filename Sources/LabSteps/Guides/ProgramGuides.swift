import LabModel

/// Guides of the kinds around programs.
extension StepGuide {
    static let program = StepGuide(
        why: """
            Runs a real program on a host of the world: a second opinion from curl, a student's own program, a tool that
            the lab teaches. It sees the host's network, resolver, trust store and proxy setting, has no privileges, and
            what it prints is evidence.
            """,
        example: """
            - id: curl
              title: Let curl have a look
              optional: true
              program: { run: [curl, --silent, --show-error, "https://$site/"], within: 20s }
              by-hand:
                curl: curl https://$site/
              expect:
                page: lab.program.exit == 0 and lab.program.stdout contains $token
                log: lab.visit.user_agent contains "curl"

            """,
        pitfalls: [
            Pitfall(
                "The command is one text: `run: curl https://…`.", .failed,
                "One item for each argument: `run: [curl, \"https://$site/\"]`. No shell reads the line; where you want "
                    + "one, write `[sh, -c, \"…\"]`."),
            Pitfall(
                "The program is not installed on the student's machine.", .inconclusive,
                "Make the step `optional: true`, or ask for it with `tools` at the beginning."),
            Pitfall(
                "An argument with `:` or `,` is not quoted.", .lint("field.type"),
                "Quote arguments that hold punctuation."),
            Pitfall(
                "The program waits for input.", .failed,
                "It gets none; `within` ends it, and the step says so."),
        ])

    static let tools = StepGuide(
        why: """
            A lab that needs programs of the system says so in its first step, so that a student learns what is missing
            before half an hour of work and not after it.
            """,
        example: """
            - id: tools
              title: The tools are there
              tools: [lab, sh]
              expect:
                runner: lab.tool.name == "lab" and lab.tool.found == true
                shell: lab.tool.name == "sh" and lab.tool.path matches "^/"

            """,
        pitfalls: [
            Pitfall(
                "`lab.tool.found == true` holds as soon as one of the tools is there.", .misjudged,
                "Ask for each by name: `lab.tool.name == \"curl\" and lab.tool.found == true`."),
            Pitfall(
                "A program is there under another name on other systems.", .failed,
                "List the names of Debian's packages, and say in `hint` which package brings the program."),
        ])
}
