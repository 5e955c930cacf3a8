/// What all observed TLS connections of one capture share: the key log, and memory for records.
///
/// A class because the key log may grow while connections are open (decryption secrets blocks, a live key log file).
/// Used by one thread at a time.
package final class TLSContext {
    package private(set) var keyLog: KeyLog
    /// Changes with every addition to the key log, so that connections without keys know when to look again.
    private(set) var keyLogEdition = 0
    private var spare: [UnsafeMutableRawBufferPointer] = []

    package init(keyLog: KeyLog) { self.keyLog = keyLog }

    deinit { for buffer in spare { buffer.deallocate() } }

    package func addKeys(_ file: [UInt8]) {
        keyLog.read(file)
        keyLogEdition += 1
    }

    /// Room for the longest record, header included: connections hold one only while a record is incomplete.
    func takeBuffer() -> UnsafeMutableRawBufferPointer {
        spare.popLast() ?? .allocate(byteCount: TLSRecord.headerLength + TLSRecord.mostPayload, alignment: 16)
    }

    func giveBack(_ buffer: UnsafeMutableRawBufferPointer) {
        if spare.count < 16 { spare.append(buffer) } else { buffer.deallocate() }
    }
}
