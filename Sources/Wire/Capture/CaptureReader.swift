/// Reads pcap and pcapng as the bytes of a file arrive, in pieces of any size, and hands over what is in them.
///
/// Frames are lent, not copied: only a record that straddles two pieces is put together in a buffer of its own.
package struct CaptureReader {
    /// More than any writer puts into one block; what announces more is damaged.
    static let mostBytesPerRecord = 1 << 26

    enum Format {
        case pcap(PcapFormat)
        case pcapng(PcapngFormat)
    }

    private var format: Format?
    /// The beginning of a record whose end has not arrived.
    private var carry: [UInt8] = []
    /// Position in the file of the record that is read next.
    private var offset = 0
    private var failure: CaptureError?

    package init() {}

    /// Takes the next bytes of the file. After an error the reader stays failed and hands over nothing more.
    package mutating func consume(
        _ bytes: UnsafeRawBufferPointer, _ handOver: (CaptureItem) -> Void
    ) throws(CaptureError) {
        if let failure { throw failure }
        do {
            try accept(bytes, handOver)
        } catch {
            failure = error
            throw error
        }
    }

    /// The file has ended; throws where it did so inside a record.
    package func finish() throws(CaptureError) {
        if let failure { throw failure }
        if !carry.isEmpty {
            throw .truncated(offset: offset, missing: max(1, try lengthOfCarry() - carry.count))
        }
        if format == nil { throw .notACapture([]) }
    }

    private mutating func accept(
        _ piece: UnsafeRawBufferPointer, _ handOver: (CaptureItem) -> Void
    ) throws(CaptureError) {
        var piece = piece
        while !carry.isEmpty {
            let needed = try lengthOfCarry()
            if carry.count >= needed {
                var whole: [UInt8] = []
                swap(&whole, &carry)
                try take(whole, needed, handOver)
                whole.removeAll(keepingCapacity: true)
                carry = whole
                break
            }
            if piece.isEmpty { return }
            let taken = min(needed - carry.count, piece.count)
            carry.append(contentsOf: piece.prefix(taken))
            piece = UnsafeRawBufferPointer(rebasing: piece[taken...])
        }
        var position = 0
        while position < piece.count {
            let rest = UnsafeRawBufferPointer(rebasing: piece[position...])
            let needed = try recordLength(rest)
            guard rest.count >= needed else {
                carry.append(contentsOf: rest)
                return
            }
            try record(UnsafeRawBufferPointer(rebasing: rest[..<needed]), handOver)
            position += needed
            offset += needed
        }
    }

    private mutating func take(
        _ whole: [UInt8], _ length: Int, _ handOver: (CaptureItem) -> Void
    ) throws(CaptureError) {
        let result = whole.withUnsafeBytes { bytes -> Result<Void, CaptureError> in
            do throws(CaptureError) {
                try record(UnsafeRawBufferPointer(rebasing: bytes[..<length]), handOver)
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
        offset += length
    }

    private func lengthOfCarry() throws(CaptureError) -> Int {
        let result = carry.withUnsafeBytes { bytes -> Result<Int, CaptureError> in
            do throws(CaptureError) { return .success(try recordLength(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// How many bytes the record at the start of `bytes` has, or how many are needed to tell.
    private func recordLength(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) -> Int {
        switch format {
        case nil:
            guard bytes.count >= 4 else { return 4 }
            if PcapFormat.recognises(bytes) { return PcapFormat.fileHeaderLength }
            guard PcapngFormat.recognises(bytes) else { throw .notACapture(Array(bytes.prefix(4))) }
            return try PcapngFormat().blockLength(bytes, at: offset)
        case .pcap(let pcap):
            return try pcap.recordLength(bytes, at: offset)
        case .pcapng(let pcapng):
            return try pcapng.blockLength(bytes, at: offset)
        }
    }

    private mutating func record(
        _ bytes: UnsafeRawBufferPointer, _ handOver: (CaptureItem) -> Void
    ) throws(CaptureError) {
        switch format {
        case nil:
            if let pcap = PcapFormat(fileHeader: bytes) {
                format = .pcap(pcap)
                handOver(.interface(pcap.interface))
            } else {
                var pcapng = PcapngFormat()
                try pcapng.block(bytes, at: offset, handOver)
                format = .pcapng(pcapng)
            }
        case .pcap(let pcap):
            handOver(.frame(pcap.frame(bytes)))
        case .pcapng(var pcapng):
            // Leaves the enumeration while it changes, so that its arrays are not copied for every block.
            format = nil
            defer { format = .pcapng(pcapng) }
            try pcapng.block(bytes, at: offset, handOver)
        }
    }
}
