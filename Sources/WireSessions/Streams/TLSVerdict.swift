import Wire

/// How far a TLS connection could be opened, why no further, and what to do about it.
package struct TLSVerdict: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case decrypted
        /// Some records stayed closed.
        case partial
        /// The key log lacks what this connection needs.
        case noKeys = "no-keys"
        /// There are keys, but of other connections, or they do not fit.
        case wrongKeys = "wrong-keys"
        case noHandshake = "no-handshake"
        /// Segments are missing from the capture.
        case gap
        /// The capture kept only the beginning of frames.
        case truncated
        case unsupportedSuite = "unsupported-suite"
        /// Nothing was encrypted.
        case plaintext
    }

    package let status: Status
    package let reason: String

    init(_ record: TLSConnectionRecord, keyLog: KeyLog, matchedRandoms: Int) {
        (status, reason) = Self.judge(record, keyLog, matchedRandoms)
    }

    private static func judge(
        _ record: TLSConnectionRecord, _ keyLog: KeyLog, _ matchedRandoms: Int
    ) -> (Status, String) {
        let records = record.client.encryptedRecords + record.server.encryptedRecords
        let opened = record.client.openedRecords + record.server.openedRecords
        let lost = record.client.lostBytes + record.server.lostBytes
        if records == 0 { return unencrypted(record, lost) }
        if opened == records, lost == 0 { return (.decrypted, "all \(records) encrypted \(record.units) were opened") }
        if opened == 0 { return closed(record, keyLog, matchedRandoms) }
        let share = "\(opened) of \(records) encrypted \(record.units) were opened"
        if record.wasCut {
            return (.truncated, "\(share); the capture kept only the beginning of frames: \(snapLength)")
        }
        if lost > 0 {
            return (.gap, "\(share); \(lost) bytes of the connection are missing from the capture: \(drops)")
        }
        for half in [record.client, record.server] {
            if let label = half.missingLabel {
                return (.partial, "\(share); the key log has this client random, but no \(label.rawValue) for it")
            }
        }
        return (
            .partial,
            "\(share); the others do not authenticate: they were changed on the way or in the file, or are early data"
        )
    }

    private static let snapLength = "capture again with a snap length of 0"
    private static let drops = "capture on an idle machine or with a larger buffer"

    private static func unencrypted(_ record: TLSConnectionRecord, _ lost: Int) -> (Status, String) {
        if record.wasCut { return (.truncated, "the capture kept only the beginning of frames: \(snapLength)") }
        if lost > 0 { return (.gap, "\(lost) bytes of the connection are missing from the capture: \(drops)") }
        for (half, side) in [(record.client, "client"), (record.server, "server")] {
            if let alert = half.alert, alert != 0 {
                return (
                    .plaintext,
                    "the \(side) ended the handshake with the alert \(ValueNames.alertName(alert)) before anything was "
                        + "encrypted"
                )
            }
        }
        if record.clientRandom == nil { return (.noHandshake, "the capture holds no ClientHello of this connection") }
        return (.plaintext, "the handshake ended before anything was encrypted")
    }

    /// Not one record was opened.
    private static func closed(
        _ record: TLSConnectionRecord, _ keyLog: KeyLog, _ matchedRandoms: Int
    ) -> (Status, String) {
        guard let random = record.clientRandom else {
            return (
                .noHandshake,
                "the capture holds no ClientHello of this connection: begin capturing before the client connects"
            )
        }
        guard let suite = record.suite else {
            return (.noHandshake, "the capture holds no ServerHello of this connection: capture both directions")
        }
        if suite.protection == nil {
            return (.unsupportedSuite, "records of \(suite.name) cannot be opened; only AEAD suites can")
        }
        if keyLog.isEmpty {
            let problem = keyLog.problems.first.map { " (\($0.message))" } ?? ""
            return (
                .noKeys,
                "no key log with secrets was given\(problem): start the client with SSLKEYLOGFILE set, then capture again"
            )
        }
        if !keyLog.contains(clientRandom: random) { return foreign(keyLog, matchedRandoms) }
        if record.client.hasFailedAuthentication || record.server.hasFailedAuthentication {
            return (
                .wrongKeys,
                "the key log has this client random, but with its secrets not one of its \(record.units) authenticates: the secrets "
                    + "are damaged, or the \(record.units) are"
            )
        }
        if record.wasCut { return (.truncated, "the capture kept only the beginning of frames: \(snapLength)") }
        let label = (record.server.missingLabel ?? record.client.missingLabel)?.rawValue ?? "traffic secret"
        return (.noKeys, "the key log has this client random, but no \(label) for it")
    }

    private static func foreign(_ keyLog: KeyLog, _ matchedRandoms: Int) -> (Status, String) {
        let count = keyLog.clientRandomCount
        let has = "the key log has \(count) client random\(count == 1 ? "" : "s")"
        if matchedRandoms == 0 {
            let none = count == 1 ? "it does not occur" : "none of them occurs"
            return (.wrongKeys, "\(has), \(none) in this capture: it belongs to another session or another hop")
        }
        return (
            .noKeys,
            "\(has), \(matchedRandoms) of them in this capture, but not this connection's: another program or another "
                + "hop made it"
        )
    }
}

extension TLSConnectionRecord {
    /// What was encrypted, as people call it.
    fileprivate var units: String { isQUIC ? "packets" : "records" }
}
