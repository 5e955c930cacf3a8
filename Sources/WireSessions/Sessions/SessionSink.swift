import SupportQuestions

/// Takes the rows of a capture as they become known. Times are nanoseconds since 1970.
///
/// Frames come in the order of the capture, an exchange when its response is complete, streams at the end.
package protocol SessionSink: AnyObject {
    /// A row of `FrameTable.table`. Its memory is used again for the next frame: keep a copy, not for long a reference.
    func frame(_ row: Row, summary: FrameSummary?, at time: Int64)
    /// A row of `ExchangeField.table`.
    func exchange(_ row: Row, at time: Int64)
    /// A row of `StreamField.table`.
    func stream(_ row: Row, at time: Int64)
}

/// Keeps all rows; for captures that fit in memory.
package final class SessionRows: SessionSink {
    package private(set) var frames: [Row] = []
    package private(set) var summaries: [FrameSummary] = []
    package private(set) var exchanges: [Row] = []
    package private(set) var streams: [Row] = []
    package private(set) var frameTimes: [Int64] = []
    package private(set) var exchangeTimes: [Int64] = []
    package private(set) var streamTimes: [Int64] = []

    package init() {}

    package func frame(_ row: Row, summary: FrameSummary?, at time: Int64) {
        frames.append(row)
        frameTimes.append(time)
        if let summary { summaries.append(summary) }
    }

    package func exchange(_ row: Row, at time: Int64) {
        exchanges.append(row)
        exchangeTimes.append(time)
    }

    package func stream(_ row: Row, at time: Int64) {
        streams.append(row)
        streamTimes.append(time)
    }
}
