/// One direction of a stream while it is read.
struct HTTP3Stream {
    enum Kind {
        /// A unidirectional stream whose type has not come.
        case undecided
        case request
        case control
        case push
        /// Its push ID comes before the frames.
        case pushID
        case encoder
        /// Nothing on it says anything to an observer, or it cannot be followed any more.
        case ignored
    }

    enum Frame {
        case none
        /// Content, so many octets of it to come.
        case data(UInt64)
        /// A frame that is read when all of it is there.
        case whole(type: UInt64, length: Int)
        case skipped(UInt64)
    }

    var kind: Kind
    var frame = Frame.none
    /// What could not be read yet: a header in two parts, a section that waits.
    var buffer: [UInt8] = []
    /// A section waits for entries; everything behind it does too.
    var waitsFor: Int?
    var hasHead = false
    var hasEnded = false

    init(id: UInt64) { kind = id & 2 != 0 ? .undecided : id & 1 == 0 ? .request : .ignored }
}
