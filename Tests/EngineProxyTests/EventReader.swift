import EngineProxy
import Foundation

/// Reads events, a line each, as they come.
final class EventReader: Sendable {
    private let lines: AsyncStream<String>

    init(path: String) {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        Thread {
            defer { continuation.finish() }
            guard let file = fopen(path, "r") else { return }
            defer { fclose(file) }
            var line: UnsafeMutablePointer<CChar>?
            var capacity = 0
            while getline(&line, &capacity, file) > 0 {
                if let line { continuation.yield(String(cString: line)) }
            }
            free(line)
        }.start()
    }

    /// The next event that this test can read; nil at the end.
    func next() async -> ProxyEvent? {
        for await line in lines {
            if let event = try? JSONDecoder().decode(ProxyEvent.self, from: Data(line.utf8)) { return event }
        }
        return nil
    }
}
