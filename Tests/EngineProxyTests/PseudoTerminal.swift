import Foundation

/// A terminal made of a pseudo-terminal pair: what a program writes inside can be read outside, and typed keys go in.
final class PseudoTerminal: Sendable {
    let inside: Int32
    private let outside: Int32
    private let screen = Screen()

    init() throws {
        outside = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>, which Swift's Glibc does not show.
        var unlocked: Int32 = 0
        var number: UInt32 = 0
        guard outside >= 0, ioctl(outside, 0x4004_5431, &unlocked) == 0, ioctl(outside, 0x8004_5430, &number) == 0
        else {
            throw POSIXError(.ENXIO)
        }
        let name = "/dev/pts/\(number)"
        inside = open(name, O_RDWR | O_NOCTTY)
        guard inside >= 0 else { throw POSIXError(.ENXIO) }
        var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(outside, UInt(TIOCSWINSZ), &size)
        let (outside, screen) = (outside, screen)
        Thread {
            var bytes = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(outside, &bytes, bytes.count)
                guard count > 0 else { return }
                let text = String(decoding: bytes[..<count], as: UTF8.self)
                screen.append(text)
            }
        }.start()
    }

    deinit {
        close(inside)
        close(outside)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(outside, bytes, bytes.count)
    }

    /// Waits until the text was written inside; gives up after a time that only a broken test needs.
    func wait(for text: String) async throws {
        let screen = screen
        let seen = await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: screen.wait(for: text, until: Date(timeIntervalSinceNow: 1_200))) }
                .start()
        }
        if !seen { throw Missing(text: text, screen: screen.text) }
    }

    /// Everything that was written.
    private final class Screen: @unchecked Sendable {
        // Held by the condition.
        private var written = ""
        private let changed = NSCondition()

        var text: String { changed.withLock { written } }

        func append(_ text: String) {
            changed.withLock {
                written += text
                changed.broadcast()
            }
        }

        func wait(for text: String, until limit: Date) -> Bool {
            changed.withLock {
                while !written.contains(text), changed.wait(until: limit) {}
                return written.contains(text)
            }
        }
    }

    /// The flags of the terminal, to compare.
    var settings: [UInt32] {
        var found = termios()
        tcgetattr(inside, &found)
        return [found.c_iflag, found.c_oflag, found.c_cflag, found.c_lflag]
    }

    struct Missing: Error, CustomStringConvertible {
        let text: String
        let screen: String
        var description: String { "“\(text)” never appeared in: \(screen.debugDescription)" }
    }
}
