/// What makes a shell write down its commands: to a private file, never to the screen.
enum ShellHook {
    /// The file below the host's home, in `$LAB_WALK`.
    static let log = ".lab-walk"
    static let keys = ".lab-keys"

    /// For a shell at a terminal: the line comes from its history, before and after each command.
    static func interactive(host: String) -> String {
        """
        # Written by `lab record`.
        unset HISTFILE HISTCONTROL HISTIGNORE HISTTIMEFORMAT
        shopt -s cmdhist lithist
        __lab_began() { printf 'B\\0%s\\0%s\\0' "$EPOCHREALTIME" "$(builtin history 1)" >> "$LAB_WALK"; }
        __lab_ended() {
            local status=$?
            if [ -n "$__lab_first" ]; then printf 'E\\0%s\\0%s\\0' "$EPOCHREALTIME" "$status" >> "$LAB_WALK"; fi
            __lab_first=1
            return $status
        }
        PS0='$(__lab_began)'
        PROMPT_COMMAND=__lab_ended
        \(HostShell.prompt(host: host))
        """
    }

    /// For commands that come a line each on descriptor 3.
    static let driven = """
        set -m
        while IFS= read -r -u 3 __lab_line || [ -n "$__lab_line" ]; do
            printf 'B\\0%s\\0%s\\0' "$EPOCHREALTIME" "$__lab_line" >> "$LAB_WALK"
            eval "$__lab_line" 3<&-
            printf 'E\\0%s\\0%s\\0' "$EPOCHREALTIME" "$?" >> "$LAB_WALK"
        done
        """

    /// A command's words as one line that a shell reads as the same words.
    static func line(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || "-_./:=@%+,".utf8.contains(byte)
                }
            return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}
