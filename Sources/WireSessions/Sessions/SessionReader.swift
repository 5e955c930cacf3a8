import SupportQuestions
import Wire

/// Reads a capture as its bytes arrive and gives rows of frames, exchanges and TLS connections: the decryptor.
///
/// Pure: no clock, no file. Memory is bounded by what is open at a time, not by the length of the capture, but for one
/// small record per TLS connection. Used by one thread at a time.
package final class SessionReader {
    private var capture = CaptureReader()
    private let sink: any SessionSink
    private let session: Session
    private let dissector: FrameDissector
    private let readsSecrets: Bool
    private var report = SessionReport()

    /// `readsSecrets` false passes over the file's own decryption secrets blocks, for callers that have read them.
    package init(_ configuration: SessionConfiguration, sink: any SessionSink, readsSecrets: Bool = true) {
        self.sink = sink
        self.readsSecrets = readsSecrets
        session = Session(configuration, sink: sink)
        dissector = FrameDissector(session)
    }

    /// The next bytes of the file, in pieces of any size. Throws where they are no capture or a damaged one; what came
    /// before has been handed over, and `finish` still has something to say.
    package func consume(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) {
        try capture.consume(bytes) { item in
            switch item {
            case .frame(let frame): dissector.dissect(frame)
            case .tlsSecrets(let keyLog): if readsSecrets { session.tls.addKeys(Array(keyLog)) }
            case .statistics(let statistics): report.statistics.append(statistics)
            case .interface(let interface): report.interfaces.append(interface)
            }
        }
    }

    package func consume(_ bytes: [UInt8]) throws(CaptureError) {
        let result = bytes.withUnsafeBytes { bytes -> Result<Void, CaptureError> in
            do throws(CaptureError) {
                try consume(bytes)
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }

    /// The file has ended: closes what is open, gives the rows of the streams, and says how the reading went.
    package func finish() -> SessionReport {
        do throws(CaptureError) { try capture.finish() } catch { report.captureError = error }
        dissector.finish()
        session.finish()
        report.frames = session.frame.number
        report.cutFrames = dissector.cutFrames
        report.keyLogProblems = session.tls.keyLog.problems
        return report
    }
}

/// How the reading of a capture went.
package struct SessionReport: Sendable, Hashable {
    package var frames = 0
    /// Frames of which the capture kept only a part.
    package var cutFrames = 0
    package var interfaces: [CaptureInterface] = []
    package var statistics: [InterfaceStatistics] = []
    package var keyLogProblems: [KeyLog.Problem] = []
    /// Why the file could not be read to its end; nil where it could.
    package var captureError: CaptureError?

    package init() {}
}

/// Reads captures that are in memory.
package enum Sessions {
    /// All rows of a capture. Never throws: what is damaged is in the report, and the rows of what came before are there.
    /// Secrets inside the file open its connections wherever they stand, also behind them.
    package static func read(_ capture: [UInt8], _ configuration: SessionConfiguration) -> (SessionRows, SessionReport)
    {
        let rows = SessionRows()
        var configuration = configuration
        addSecrets(of: capture, to: &configuration.keyLog)
        let reader = SessionReader(configuration, sink: rows, readsSecrets: false)
        do throws(CaptureError) { try reader.consume(capture) } catch {
            // The report of `finish` repeats the error.
        }
        return (rows, reader.finish())
    }

    private static func addSecrets(of capture: [UInt8], to keyLog: inout KeyLog) {
        var found: [[UInt8]] = []
        capture.withUnsafeBytes { bytes in
            var reader = CaptureReader()
            do throws(CaptureError) {
                try reader.consume(bytes) { item in
                    if case .tlsSecrets(let secrets) = item { found.append(Array(secrets)) }
                }
            } catch {
                // Reading the frames meets the same damage and reports it.
            }
        }
        for secrets in found { keyLog.read(secrets) }
    }
}
