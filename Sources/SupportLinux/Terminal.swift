import CLinux
import Glibc

/// A terminal that people type at: its size and its raw mode.
package enum Terminal {
    package struct Size: Sendable, Equatable {
        package var rows: Int
        package var columns: Int

        package init(rows: Int, columns: Int) {
            self.rows = rows
            self.columns = columns
        }

        package static let standard = Size(rows: 24, columns: 80)
    }

    /// What a terminal was set to before raw mode.
    package struct State: Sendable {
        fileprivate var bytes: [UInt8]
    }

    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Its size; nil when it is no terminal or says nothing.
    package static func size(of descriptor: Int32) -> Size? {
        var rows: Int32 = 0
        var columns: Int32 = 0
        guard lab_window_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return Size(rows: Int(rows), columns: Int(columns))
    }

    package static func setSize(_ size: Size, of descriptor: Int32) throws(SystemError) {
        try checked("set the size of a terminal") {
            lab_set_window_size(descriptor, Int32(clamping: size.rows), Int32(clamping: size.columns))
        }
    }

    /// Switches to raw mode: every key is given at once and unechoed. Give the state back to `restore`.
    package static func makeRaw(_ descriptor: Int32) throws(SystemError) -> State {
        var state = State(bytes: Array(repeating: 0, count: Int(lab_terminal_state_size())))
        try checked("switch the terminal to raw mode") { lab_terminal_raw(descriptor, &state.bytes) }
        return state
    }

    /// Lines are edited as ever, but only their ends are echoed. Give the state back to `restore`.
    package static func stopEchoing(_ descriptor: Int32) throws(SystemError) -> State {
        var state = State(bytes: Array(repeating: 0, count: Int(lab_terminal_state_size())))
        try checked("stop the terminal's echo") { lab_terminal_unechoed(descriptor, &state.bytes) }
        return state
    }

    package static func restore(_ state: State, of descriptor: Int32) {
        _ = lab_terminal_restore(descriptor, state.bytes)
    }
}

/// A pair of pseudoterminal ends: what the secondary end's program writes is read from the primary.
package struct Pseudoterminal: Sendable {
    package let primary: FileDescriptor
    package let secondary: FileDescriptor

    package init(size: Terminal.Size = .standard) throws(SystemError) {
        var ends: (Int32, Int32) = (-1, -1)
        try checked("open a pseudoterminal") {
            lab_open_terminal(Int32(clamping: size.rows), Int32(clamping: size.columns), &ends.0, &ends.1)
        }
        primary = FileDescriptor(owning: ends.0)
        secondary = FileDescriptor(owning: ends.1)
    }
}
