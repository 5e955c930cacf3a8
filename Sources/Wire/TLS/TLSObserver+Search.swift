extension TLSObserver {
    /// Most sequence numbers tried for one record after a hole, and most trials in one direction altogether: each
    /// costs a decryption, and a hostile capture could ask for millions.
    private static let mostSkippedRecords = 4096
    private static let mostTrials = 200_000
    /// A record that begins in the searched bytes must end in them.
    private static let mostSearchedBytes = 1 << 16

    /// Looks for a record that authenticates, which is certainty, and handles it; without keys a header that another
    /// one follows has to do. Gives the bytes behind that record, or nil where none was found yet.
    func search(from sender: TLSSide, _ emit: Emit) -> [UInt8]? {
        let side = inward(sender)
        let searched = self[side].searched
        guard self[side].trials < Self.mostTrials else {
            self[side].searched = []
            return nil
        }
        var start = 0
        let resumed = searched.withUnsafeBytes { all -> Int? in
            while start + TLSRecord.headerLength <= all.count {
                let candidate = UnsafeRawBufferPointer(rebasing: all[start...])
                guard let header = TLSRecord.Header(candidate), header.length > 0,
                    candidate[2] == 3 || candidate[2] == 1
                else {
                    start += 1
                    continue
                }
                let total = TLSRecord.headerLength + header.length
                guard candidate.count >= total else {
                    guard all.count >= Self.mostSearchedBytes else { return nil }
                    start += 1
                    continue
                }
                let payload = UnsafeRawBufferPointer(rebasing: candidate[TLSRecord.headerLength..<total])
                let next = UnsafeRawBufferPointer(rebasing: candidate[total...])
                if resume(header, payload, next: next, from: side, emit) { return start + total }
                start += 1
            }
            return nil
        }
        if let resumed {
            self[inward(sender)].searched = []
            return Array(searched[resumed...])
        }
        if start > 0 {
            self[side].lostSinceSearch += start
            self[side].searched.removeFirst(start)
        }
        return nil
    }

    /// Whether records go on with this one; if so it has been handled.
    private func resume(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, next: UnsafeRawBufferPointer,
        from side: TLSSide, _ emit: Emit
    ) -> Bool {
        let isProtected = isTLS13 ? self[side].epoch != .none : self[side].hasChangedCipher
        guard isProtected, !self[side].openers.isEmpty else {
            guard next.isEmpty || (next.count >= TLSRecord.headerLength && TLSRecord.Header(next) != nil) else {
                return false
            }
            found(side)
            record(header, payload, from: side, emit)
            return true
        }
        guard !isTLS13 || header.type == TLSContentType.applicationData else { return false }
        let plaintext = context.takeBuffer()
        defer { context.giveBack(plaintext) }
        guard let length = openAhead(header, payload, from: side, into: plaintext) else { return false }
        found(side)
        self[side].encryptedRecords += 1
        emitOpened(header, payload, UnsafeRawBufferPointer(rebasing: plaintext[..<length]), from: side, emit)
        return true
    }

    private func found(_ side: TLSSide) {
        self[side].isSearching = false
        self[side].lostSinceSearch = 0
    }

    /// Tries the sequence numbers that the lost bytes can have used up, in this epoch and the next.
    private func openAhead(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, from side: TLSSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let smallestRecord = TLSRecord.headerLength + 17
        let most = min(Self.mostSkippedRecords, self[side].lostSinceSearch / smallestRecord + 2)
        for attempt in attempts(side) {
            for skipped in 0...most {
                self[side].trials += 1
                let sequence = attempt.first &+ UInt64(skipped)
                guard
                    let length = attempt.opener.open(
                        type: header.type, version: header.version, payload: payload, sequence: sequence,
                        into: plaintext)
                else { continue }
                if attempt.isNextEpoch { self[side].epoch = .application }
                self[side].openers = [attempt.opener]
                self[side].sequence = sequence &+ 1
                self[side].hasOpenedInEpoch = true
                return length
            }
        }
        return nil
    }

    private func attempts(_ side: TLSSide) -> [(opener: RecordOpener, first: UInt64, isNextEpoch: Bool)] {
        let current = self[side].openers.map { ($0, self[side].sequence, false) }
        guard isTLS13 else { return current }
        if self[side].epoch == .handshake { return current + openers(side, .application).map { ($0, 0, true) } }
        return current + (self[side].openers.first?.updated().map { [($0, 0, true)] } ?? [])
    }
}
