import Glibc
import SupportQuestions
import Wire
import WireSessions

/// Prints, of every frame that completes an HTTP message, the fields that `tshark -Y http -T fields` is asked for beside
/// it: the whole road from the file to rows, and nothing that the other does not do.
final class Printer: SessionSink {
    static let fields: [FrameField] = [
        .frameNumber, .ipSrc, .tcpDstport, .httpRequestUri, .httpResponseCode, .httpContentLengthHeader,
    ]
    private(set) var matches = 0

    func frame(_ row: Row, summary: FrameSummary?, at time: Int64) {
        guard row.first(at: FrameField.http.slot) != nil else { return }
        matches += 1
        print(
            Self.fields.map { field in row.values(at: field.slot).map(Self.text).joined(separator: ",") }
                .joined(separator: "\t"))
    }

    func exchange(_ row: Row, at time: Int64) {}
    func stream(_ row: Row, at time: Int64) {}

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .unsigned(let number): String(number)
        case .string(let text): text
        case .ipv4(let address): IPv4Address(rawValue: address).description
        default: ""
        }
    }
}

func slurp(_ path: String) -> [UInt8] {
    var bytes: [UInt8] = []
    read(path) { bytes += $0 }
    return bytes
}

func read(_ path: String, _ each: (UnsafeRawBufferPointer) -> Void) {
    let file = open(path, O_RDONLY)
    guard file >= 0 else {
        print("cannot open \(path)")
        exit(66)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer {
        buffer.deallocate()
        close(file)
    }
    while case let count = Glibc.read(file, buffer.baseAddress, buffer.count), count > 0 {
        each(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
}

guard CommandLine.arguments.count == 3 else {
    print("usage: DissectionBenchmark CAPTURE KEYLOG")
    exit(64)
}
let printer = Printer()
let reader = SessionReader(
    .frames(FrameFieldSet(Printer.fields + [.http]), keyLog: KeyLog(slurp(CommandLine.arguments[2]))), sink: printer)
read(CommandLine.arguments[1]) { piece in
    do throws(CaptureError) { try reader.consume(piece) } catch {
        print(error.message)
        exit(65)
    }
}
_ = reader.finish()
