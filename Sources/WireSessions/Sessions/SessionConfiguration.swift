import Wire

/// What to read out of a capture: the less is asked for, the less is done.
package struct SessionConfiguration: Sendable {
    package var keyLog: KeyLog
    /// Fields of the `frame` table that somebody will look at; others stay out of its rows.
    package var frameFields: FrameFieldSet
    /// Whether each frame's line of text is made, as `tshark` prints by default.
    package var wantsSummaries: Bool
    package var wantsExchanges: Bool
    /// Whether exchanges hold the bytes of their bodies.
    package var wantsBodies: Bool
    package var wantsBodyDigests: Bool
    /// Bytes kept of one body; what is beyond is counted and digested, not kept.
    package var mostBodyBytes: Int

    /// Everything, bodies up to a mebibyte.
    package init(
        keyLog: KeyLog = KeyLog(), frameFields: FrameFieldSet = .all, wantsSummaries: Bool = true,
        wantsExchanges: Bool = true, wantsBodies: Bool = true, wantsBodyDigests: Bool = true,
        mostBodyBytes: Int = 1 << 20
    ) {
        self.keyLog = keyLog
        self.frameFields = frameFields
        self.wantsSummaries = wantsSummaries
        self.wantsExchanges = wantsExchanges
        self.wantsBodies = wantsBodies
        self.wantsBodyDigests = wantsBodyDigests
        self.mostBodyBytes = mostBodyBytes
    }

    /// Only some fields of frames: for filters and for `-T fields`.
    package static func frames(_ fields: FrameFieldSet, keyLog: KeyLog) -> SessionConfiguration {
        SessionConfiguration(
            keyLog: keyLog, frameFields: fields, wantsSummaries: false, wantsExchanges: false, wantsBodies: false,
            wantsBodyDigests: false)
    }
}
