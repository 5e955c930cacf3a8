import SupportCrypto

extension QUICObserver {
    /// Opens a packet with the keys of its level, looking for keys where there are none yet.
    func open(
        _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, _ level: QUICLevel, from side: HTTPSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Opened? {
        switch level {
        case .initial: return openInitial(header, packet, from: side, into: plaintext)
        case .early: return openEarly(header, packet, from: side, into: plaintext)
        case .handshake: return openLogged(header, packet, .handshake, from: side, into: plaintext)
        case .application:
            if let opened = openPhases(header, packet, from: side, into: plaintext) { return opened }
            guard self[side].openers[QUICLevel.application.rawValue].count != 1 else { return nil }
            return openLogged(header, packet, .application, from: side, into: plaintext)
        }
    }

    // MARK: Initial

    /// The keys follow from the client's first destination. A Retry and a Version Negotiation make it choose another one,
    /// and compatible version negotiation (RFC 9368) changes the version under the same one: both show by trial.
    private func openInitial(
        _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, from side: HTTPSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Opened? {
        guard let version = header.version.flatMap(QUICVersion.init) else { return nil }
        let index = QUICLevel.initial.rawValue
        if initialVersion == version, let opener = self[side].openers[index].first,
            let opened = attempt(opener, header, packet, .initial, from: side, into: plaintext)
        {
            return opened
        }
        let destination = side == .client ? header.destination : originalDestination
        guard initialVersion != version || destination != originalDestination,
            let secrets = version.initialSecrets(destination: destination),
            let ofClient = QUICPacketOpener(version, .aes128GCM, .sha256, secret: secrets.client),
            let ofServer = QUICPacketOpener(version, .aes128GCM, .sha256, secret: secrets.server),
            let opened = attempt(
                side == .client ? ofClient : ofServer, header, packet, .initial, from: side, into: plaintext)
        else { return nil }
        if side == .client, destination != originalDestination, !originalDestination.isEmpty { beginAnew() }
        originalDestination = destination
        initialVersion = version
        self.version = version
        client.openers[index] = [ofClient]
        server.openers[index] = [ofServer]
        return opened
    }

    /// The client's first flight comes once more: its handshake begins at offset 0 again.
    private func beginAnew() {
        let index = QUICLevel.initial.rawValue
        for side in [HTTPSide.client, .server] {
            self[side].crypto[index] = QUICStreamAssembler(mostPendingBytes: 1 << 18)
            self[side].message[index] = []
        }
    }

    // MARK: Keys of the log

    private func openLogged(
        _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, _ level: QUICLevel, from side: HTTPSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Opened? {
        let index = level.rawValue
        if self[side].openers[index].isEmpty, self[side].keyLogEditions[index] != context.keyLogEdition {
            guard let found = loggedOpeners(level, side) else { return nil }
            self[side].openers[index] = found
            self[side].keyLogEditions[index] = context.keyLogEdition
        }
        for opener in self[side].openers[index] {
            guard let opened = attempt(opener, header, packet, level, from: side, into: plaintext) else { continue }
            self[side].openers[index] = [opener]
            return opened
        }
        if !self[side].openers[index].isEmpty { self[side].counts.hasFailedAuthentication = true }
        return nil
    }

    /// Nil while the handshake has not said enough to look.
    private func loggedOpeners(_ level: QUICLevel, _ side: HTTPSide) -> [QUICPacketOpener]? {
        guard let random = clientHello?.random, let protection = suite?.protection, protection.isTLS13, let version
        else { return nil }
        let label: KeyLog.Label =
            switch (level, side) {
            case (.handshake, .client): .clientHandshakeTraffic
            case (.handshake, .server): .serverHandshakeTraffic
            case (_, .client): .clientTraffic
            case (_, .server): .serverTraffic
            }
        let found = context.keyLog.secrets(label, clientRandom: random).compactMap {
            QUICPacketOpener(version, protection.aead, protection.hash, secret: $0)
        }
        if found.isEmpty, self[side].counts.missingLabel == nil { self[side].counts.missingLabel = label }
        return found
    }

    /// Early data comes before the server has chosen a suite, so each one that fits the secret is tried.
    private func openEarly(
        _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, from side: HTTPSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Opened? {
        let index = QUICLevel.early.rawValue
        guard let version = header.version.flatMap(QUICVersion.init) else { return nil }
        if self[side].openers[index].isEmpty, let random = clientHello?.random {
            let suites: [(AEADAlgorithm, DigestAlgorithm)] = [
                (.aes128GCM, .sha256), (.aes256GCM, .sha384), (.chaCha20Poly1305, .sha256), (.aes128CCM, .sha256),
            ]
            for secret in context.keyLog.secrets(.clientEarlyTraffic, clientRandom: random) {
                self[side].openers[index] += suites.compactMap { aead, hash in
                    secret.count == hash.length ? QUICPacketOpener(version, aead, hash, secret: secret) : nil
                }
            }
            if self[side].openers[index].isEmpty { self[side].counts.missingLabel = .clientEarlyTraffic }
        }
        for opener in self[side].openers[index] {
            guard let opened = attempt(opener, header, packet, .early, from: side, into: plaintext) else { continue }
            self[side].openers[index] = [opener]
            return opened
        }
        return nil
    }

    // MARK: Key phases

    /// 1-RTT packets under keys that have proved right, and those before and after them (RFC 9001, section 6).
    private func openPhases(
        _ header: QUICHeader, _ packet: UnsafeRawBufferPointer, from side: HTTPSide,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Opened? {
        let index = QUICLevel.application.rawValue
        guard self[side].openers[index].count == 1, let current = self[side].openers[index].first else { return nil }
        let phase = self[side].keyPhase
        if let opened = attempt(
            current, header, packet, .application, from: side, into: plaintext,
            where: { unmasked, _ in unmasked.keyPhase == phase })
        {
            return opened
        }
        let first = self[side].firstOfPhase
        if let previous = self[side].previous,
            let opened = attempt(
                previous, header, packet, .application, from: side, into: plaintext,
                where: { $0.keyPhase != phase && $1 < first })
        {
            return opened
        }
        guard let next = current.updated(),
            let opened = attempt(
                next, header, packet, .application, from: side, into: plaintext,
                where: { unmasked, _ in
                    unmasked.keyPhase != phase
                })
        else {
            self[side].counts.hasFailedAuthentication = true
            return nil
        }
        self[side].previous = current
        self[side].openers[index] = [next]
        self[side].keyPhase = !phase
        self[side].firstOfPhase = opened.number
        return opened
    }
}
