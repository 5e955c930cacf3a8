/// One of the two sides of a TLS connection, named by who sends.
package typealias TLSSide = HTTPSide

/// What an observer knows of the records that one side sent.
package struct TLSHalf {
    enum Epoch {
        case none
        case handshake
        case application
    }

    /// Records that were encrypted, and those of them that stayed closed.
    package internal(set) var encryptedRecords = 0
    package internal(set) var closedRecords = 0
    /// Bytes that the capture lacks.
    package internal(set) var lostBytes = 0
    package internal(set) var applicationBytes: UInt64 = 0
    /// Description of the first alert other than close_notify, or 0 where there was only that.
    package internal(set) var alert: UInt8?
    /// A label that the key log should have for this connection and has not.
    package internal(set) var missingLabel: KeyLog.Label?
    /// Keys were there, and at least one record did not authenticate under any of them.
    package internal(set) var hasFailedAuthentication = false

    package var openedRecords: Int { encryptedRecords - closedRecords }

    var epoch = Epoch.none
    /// Under which the next record should open; several while rival secrets are undecided.
    var openers: [RecordOpener] = []
    var sequence: UInt64 = 0
    var hasOpenedInEpoch = false
    /// TLS 1.2: everything after ChangeCipherSpec is encrypted.
    var hasChangedCipher = false
    var keyLogEdition = 0

    /// The beginning of a record.
    var buffer: UnsafeMutableRawBufferPointer?
    var filled = 0
    /// The beginning of a handshake message.
    var message: [UInt8] = []

    /// Bytes were lost, and with them the place where records begin.
    var isSearching = false
    var lostSinceSearch = 0
    var searched: [UInt8] = []
    var trials = 0

    package init() {}
}

extension TLSHalf {
    /// The counts alone, to be kept after the connection.
    package var withoutWorkingState: TLSHalf {
        var half = self
        half.openers = []
        half.buffer = nil
        half.message = []
        half.searched = []
        return half
    }
}
