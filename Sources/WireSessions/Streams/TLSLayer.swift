import SupportQuestions
import Wire

/// TLS in a byte stream: adds the fields of records and messages to frames, and hands on what could be opened.
final class TLSLayer {
    private let session: Session
    private let frame: CurrentFrame
    private let observer: TLSObserver
    private let record: TLSConnectionRecord
    private let inner: ByteChannel

    init(_ session: Session, place: ChannelPlace) {
        self.session = session
        frame = session.frame
        observer = TLSObserver(context: session.tls)
        record = TLSConnectionRecord(place: place, frame: frame.number, time: frame.time)
        session.add(record)
        var innerPlace = place
        innerPlace.tls = record
        inner = ByteChannel(session, place: innerPlace)
    }

    func receive(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        observer.receive(bytes, from: side) { event, side in handle(event, from: side) }
    }

    func missed(_ count: Int, from side: HTTPSide, wasCut: Bool) {
        if wasCut { record.wasCut = true }
        observer.lose(count, from: side)
        inner.missed(count, from: side, wasCut: wasCut)
    }

    func closed(_ end: HTTPStreamEnd, from side: HTTPSide) { inner.closed(end, from: side) }

    func finish() {
        inner.finish()
        record.note(client: observer.client, server: observer.server)
        record.isFinished = true
    }

    // MARK: Fields

    private func handle(_ event: TLSObserver.Event, from side: HTTPSide) {
        switch event {
        case .record(let tls): add(tls)
        case .handshake(let message):
            frame.add(message, protocolName)
            record.noteHandshake(message)
        case .alert(let level, let description):
            frame.enter(.tlsAlertMessage, "tls", once: true)
            frame.add(.tlsAlertMessageLevel, .unsigned(UInt64(level)))
            frame.add(.tlsAlertMessageDesc, .unsigned(UInt64(description)))
            frame.describe(
                protocolName,
                "Alert (Level: \(level == 2 ? "Fatal" : "Warning"), Description: "
                    + "\(ValueNames.alertName(description)))")
            if description == 0 { inner.closed(.closed, from: side) }
        case .applicationData(let bytes): inner.receive(bytes, from: side)
        }
    }

    private var protocolName: String {
        switch observer.version {
        case 0x0304?: "TLSv1.3"
        case 0x0303?: "TLSv1.2"
        case 0x0302?: "TLSv1.1"
        case 0x0301?: "TLSv1"
        default: "TLS"
        }
    }

    private func add(_ tls: TLSRecord) {
        frame.enter(.tls, "tls", once: true)
        let isTLS13 = observer.version == 0x0304 || observer.version == nil
        switch tls.protection {
        case .plaintext: frame.add(.tlsRecordContentType, .unsigned(UInt64(tls.type)))
        case .opened(let innerType):
            frame.add(.tlsRecordContentType, .unsigned(UInt64(innerType)))
            if isTLS13 { frame.add(.tlsRecordOpaqueType, .unsigned(UInt64(tls.type))) }
            if innerType == TLSContentType.applicationData {
                frame.add(.tlsAppData, .bytes(Array(tls.payload)))
                frame.describe(protocolName, "Application Data")
            }
        case .closed:
            if isTLS13 {
                frame.add(.tlsRecordOpaqueType, .unsigned(UInt64(tls.type)))
            } else {
                frame.add(.tlsRecordContentType, .unsigned(UInt64(tls.type)))
            }
            if tls.type == TLSContentType.applicationData { frame.add(.tlsAppData, .bytes(Array(tls.payload))) }
            if tls.type == TLSContentType.handshake { frame.add(.tlsHandshake, .label) }
            frame.describe(protocolName, Self.closedText(tls.type))
        }
        frame.add(.tlsRecordVersion, .unsigned(UInt64(tls.version)))
        frame.add(.tlsRecordLength, .unsigned(UInt64(tls.payload.count)))
        if tls.type == TLSContentType.changeCipherSpec, case .plaintext = tls.protection {
            frame.describe(protocolName, "Change Cipher Spec")
        }
    }

    private static func closedText(_ type: UInt8) -> String {
        switch type {
        case TLSContentType.handshake: "Encrypted Handshake Message"
        case TLSContentType.alert: "Encrypted Alert"
        default: "Application Data"
        }
    }
}
