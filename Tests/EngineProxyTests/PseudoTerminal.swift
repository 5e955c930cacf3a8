import Foundation
import NIOConcurrencyHelpers

/// A terminal made of a pseudo-terminal pair: what a program writes inside can be read outside, and typed keys go in.
final class PseudoTerminal: Sendable {
    let inside: Int32
    private let outside: Int32
    private let screen = NIOLockedValueBox("")

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
                screen.withLockedValue { $0 += text }
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
        for _ in 0..<2_000 {
            if screen.withLockedValue({ $0.contains(text) }) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Missing(text: text, screen: screen.withLockedValue { $0 })
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
