/// Takes the content codings off a body while it arrives, in pieces of any size, with an upper limit on what comes out.
///
/// Memory is bounded by the codings' windows (at most 8 MiB for zstd, 16 MiB for brotli), never by the content.
package final class HTTPContentDecoder {
    private let stages: [any HTTPContentStage]
    /// One room for output per stage: a stage's output is the next one's input.
    private let rooms: [UnsafeMutableRawBufferPointer]
    private let limit: Int
    /// Decoded octets handed out so far.
    package private(set) var count = 0
    private var failure: HTTPContentFailure?

    /// - Parameters:
    ///   - codings: in the order in which they were applied, as `Content-Encoding` lists them.
    ///   - limit: decoded octets after which ``HTTPContentFailure/tooLarge(limit:)`` is thrown.
    package init(_ codings: [HTTPContentCoding], limit: Int) throws(HTTPContentFailure) {
        var stages: [any HTTPContentStage] = []
        for coding in codings.reversed() {
            switch coding {
            case .gzip, .deflate: stages.append(try InflateStage(coding))
            case .brotli: stages.append(try BrotliStage())
            case .zstd: stages.append(try ZstdStage())
            }
        }
        self.stages = stages
        rooms = stages.map { _ in .allocate(byteCount: 64 << 10, alignment: 16) }
        self.limit = limit
    }

    deinit {
        for room in rooms { room.deallocate() }
    }

    /// Decodes the next octets; `sink` gets slices that are valid only while it runs.
    package func decode(
        _ input: UnsafeRawBufferPointer, into sink: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTPContentFailure) {
        if let failure { throw failure }
        do {
            try push(input, 0, sink)
        } catch {
            failure = error
            throw error
        }
    }

    /// The content is at its end: throws when a coding is not.
    package func finish() throws(HTTPContentFailure) {
        if let failure { throw failure }
        for stage in stages where stage.hasBegun && !stage.isAtEnd { throw .truncated(stage.coding) }
    }

    private func push(
        _ input: UnsafeRawBufferPointer, _ index: Int, _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTPContentFailure) {
        guard index < stages.count else { return try handOut(input, sink) }
        let room = rooms[index]
        var input = input
        while true {
            let before = input.count
            let written = try stages[index].step(&input, room)
            if written > 0 {
                try push(UnsafeRawBufferPointer(rebasing: room[..<written]), index + 1, sink)
            }
            if written < room.count, input.isEmpty { return }
            if written == 0, input.count == before { throw .corrupt(stages[index].coding) }
        }
    }

    private func handOut(
        _ output: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTPContentFailure) {
        let part = output.prefix(limit - count)
        count += part.count
        if !part.isEmpty { sink(UnsafeRawBufferPointer(rebasing: part)) }
        if part.count < output.count { throw .tooLarge(limit: limit) }
    }
}

/// One coding of a stack.
protocol HTTPContentStage: AnyObject {
    var coding: HTTPContentCoding { get }
    var hasBegun: Bool { get }
    /// Whether the coded stream is complete.
    var isAtEnd: Bool { get }
    /// Decodes from the front of `input` into `room`; returns how many octets it wrote.
    func step(_ input: inout UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer) throws(HTTPContentFailure)
        -> Int
}
