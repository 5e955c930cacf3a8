/// What RFC 9113 §8.2 and §8.3 forbid in a field section.
enum HTTP2FieldRules {
    static func anomalies(_ section: HTTPFields, _ kind: HTTP2Head.Kind) -> [HTTP2Anomaly] {
        var found: [HTTP2Anomaly] = []
        func note(_ anomaly: HTTP2Anomaly) {
            if !found.contains(anomaly) { found.append(anomaly) }
        }
        var pseudo: [String] = []
        var regularSeen = false
        for index in 0..<section.count {
            if section.isPseudoField(index) {
                let name = section[index].name
                if regularSeen { note(.pseudoFieldAfterFields) }
                if pseudo.contains(name) { note(.repeatedPseudoField) }
                if !allowed(kind).contains(name) { note(.unknownPseudoField) }
                pseudo.append(name)
            } else {
                regularSeen = true
                if section.hasUppercaseName(index) { note(.uppercaseFieldName) }
                if connectionSpecific.contains(where: { section.isNamed($0, at: index) }) {
                    note(.connectionSpecificField)
                }
            }
        }
        if !isComplete(pseudo, kind, section) { note(.missingPseudoField) }
        return found
    }

    private static let connectionSpecific = [
        "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade",
    ]

    private static func allowed(_ kind: HTTP2Head.Kind) -> [String] {
        switch kind {
        case .request, .push: [":method", ":scheme", ":authority", ":path", ":protocol"]
        case .interim, .response: [":status"]
        case .trailers: []
        }
    }

    /// CONNECT has no scheme and path (RFC 9113 §8.5), extended CONNECT (RFC 8441) has all.
    private static func isComplete(_ pseudo: [String], _ kind: HTTP2Head.Kind, _ section: HTTPFields) -> Bool {
        switch kind {
        case .request where section.first(":method") == "CONNECT": pseudo.contains(":authority")
        case .request, .push: [":method", ":scheme", ":path"].allSatisfy(pseudo.contains)
        case .interim, .response: pseudo.contains(":status")
        case .trailers: true
        }
    }
}

extension HTTPFields {
    func isPseudoField(_ index: Int) -> Bool {
        let entry = entries[index]
        return entry.nameCount > 0 && octets[Int(entry.nameStart)] == 0x3a
    }

    var hasPseudoField: Bool { entries.indices.contains(where: isPseudoField) }

    func hasUppercaseName(_ index: Int) -> Bool {
        let start = Int(entries[index].nameStart)
        return octets[start..<start + Int(entries[index].nameCount)].contains { (0x41...0x5a).contains($0) }
    }
}
