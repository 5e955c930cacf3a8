/// What the machines of a client connection are given from outside.
struct Surroundings: Sendable {
    var connection: UInt64
    var client: ProxyAddress
    var bodyLimit: Int
    var budget: BodyBudget
    var now: @Sendable () -> Int64
    var nextFlowID: @Sendable () -> UInt64
    var onboarding: OnboardingSite
}

/// Where an origin connection leads.
struct UpstreamTarget: Sendable, Hashable {
    var authority: ProxyAuthority
    var isTLS: Bool
    /// The name to ask for and to verify.
    var serverName: String
    /// What is asked for there exists in HTTP/1 only: a change of protocol.
    var isHTTP1Only = false

    /// The same place for whatever is asked for.
    var forAll: UpstreamTarget {
        var target = self
        target.isHTTP1Only = false
        return target
    }
}
