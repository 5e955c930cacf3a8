import SupportCrypto

extension TLSObserver {
    // MARK: Epochs

    func beginHandshakeEpoch() {
        for side in [TLSSide.client, .server] {
            self[side].epoch = .handshake
            install(side)
        }
    }

    func beginApplicationEpoch(_ side: TLSSide) {
        guard self[side].epoch == .handshake else { return }
        self[side].epoch = .application
        install(side)
    }

    func changeCipher(_ side: TLSSide) {
        self[side].hasChangedCipher = true
        install(side)
    }

    func updateKeys(_ side: TLSSide) {
        guard self[side].epoch == .application, let next = self[side].openers.first?.updated() else { return }
        self[side].openers = [next]
        self[side].sequence = 0
    }

    private func install(_ side: TLSSide) {
        self[side].openers = openers(side, self[side].epoch)
        self[side].sequence = 0
        self[side].hasOpenedInEpoch = false
        self[side].keyLogEdition = context.keyLogEdition
    }

    /// The keys that the log gives a side for an epoch; where it gives none, the label that is missing is noted.
    func openers(_ side: TLSSide, _ epoch: TLSHalf.Epoch) -> [RecordOpener] {
        guard let random = clientHello?.random, let hello = serverHello, let protection = suite?.protection else {
            return []
        }
        guard isTLS13 else {
            let masters = context.keyLog.secrets(.clientRandom, clientRandom: random)
            if masters.isEmpty { self[side].missingLabel = .clientRandom }
            return masters.compactMap {
                RecordOpener(
                    tls12: protection, masterSecret: $0, clientRandom: random, serverRandom: hello.random,
                    isClient: side == .client)
            }
        }
        let label: KeyLog.Label =
            switch (side, epoch) {
            case (.client, .application): .clientTraffic
            case (.server, .application): .serverTraffic
            case (.client, _): .clientHandshakeTraffic
            case (.server, _): .serverHandshakeTraffic
            }
        let found = context.keyLog.secrets(label, clientRandom: random)
            .compactMap { RecordOpener(tls13: protection, secret: $0) }
        if found.isEmpty, self[side].missingLabel == nil { self[side].missingLabel = label }
        return found
    }

    // MARK: Opening

    /// Opens one encrypted record with the keys of the epoch, or with those of the next where its beginning was
    /// missed. Gives the length of the plaintext.
    func open(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, from side: TLSSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        if self[side].openers.isEmpty, self[side].keyLogEdition != context.keyLogEdition {
            let sequence = self[side].sequence
            install(side)
            self[side].sequence = sequence
        }
        let sequence = self[side].sequence
        for (index, opener) in self[side].openers.enumerated() {
            if let length = opener.open(
                type: header.type, version: header.version, payload: payload, sequence: sequence, into: plaintext)
            {
                if self[side].openers.count > 1 { self[side].openers = [self[side].openers[index]] }
                self[side].sequence = sequence &+ 1
                self[side].hasOpenedInEpoch = true
                return length
            }
        }
        if isTLS13, self[side].epoch == .handshake,
            let length = openUnderApplicationKeys(header, payload, from: side, into: plaintext)
        {
            return length
        }
        // Early data stands before the first record of the handshake epoch, under a key of its own.
        let mayBeEarlyData =
            side == .client && self[side].epoch != .application && !self[side].hasOpenedInEpoch
            && clientHello?.extensions.offersEarlyData == true
        if mayBeEarlyData { return openEarlyData(header, payload, into: plaintext) }
        if isTLS13, self[side].epoch == .none { return nil }
        if !self[side].openers.isEmpty { self[side].hasFailedAuthentication = true }
        if !isTLS13 || !self[side].openers.isEmpty { self[side].sequence = sequence &+ 1 }
        return nil
    }

    private func openUnderApplicationKeys(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, from side: TLSSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        for opener in openers(side, .application) {
            guard
                let length = opener.open(
                    type: header.type, version: header.version, payload: payload, sequence: 0, into: plaintext)
            else { continue }
            self[side].epoch = .application
            self[side].openers = [opener]
            self[side].sequence = 1
            self[side].hasOpenedInEpoch = true
            return length
        }
        return nil
    }

    /// 0-RTT comes before the server has chosen a suite, so each suite that fits the secret is tried.
    private func openEarlyData(
        _ header: TLSRecord.Header, _ payload: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        if earlyOpeners.isEmpty, let random = clientHello?.random {
            for secret in context.keyLog.secrets(.clientEarlyTraffic, clientRandom: random) {
                for suite in CipherSuite.known {
                    guard let protection = suite.protection, protection.isTLS13,
                        secret.count == 64 || secret.count == protection.hash.length,
                        let opener = RecordOpener(tls13: protection, secret: secret)
                    else { continue }
                    earlyOpeners.append(opener)
                }
            }
        }
        for opener in earlyOpeners {
            guard
                let length = opener.open(
                    type: header.type, version: header.version, payload: payload, sequence: earlySequence,
                    into: plaintext)
            else { continue }
            earlyOpeners = [opener]
            earlySequence &+= 1
            return length
        }
        return nil
    }
}
