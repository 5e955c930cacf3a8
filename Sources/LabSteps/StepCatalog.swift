import LabModel

/// Every step kind there is, in alphabetical order of its name.
package enum StepCatalog {
    package static let all: [any StepKind.Type] = [
        AskKind.self,
        CaptureKind.self,
        DecryptKind.self,
        FileKind.self,
        LinkKind.self,
        PingKind.self,
        ProgramKind.self,
        ProxyKind.self,
        RequestKind.self,
        ResolveKind.self,
        StopKind.self,
        SystemProxyKind.self,
        ToolsKind.self,
        TracerouteKind.self,
        TrustKind.self,
        WaitKind.self,
    ]

    package static func kind(named name: String) -> (any StepKind.Type)? {
        all.first { $0.schema.name == name }
    }

    /// Names of the kinds that can be performed on a simulated network, if not with every plan.
    package static var simulated: [String] {
        all.filter { $0.obstacle(toSimulating: [:]) == nil }.map { $0.schema.name }
    }

    package static var schemas: [StepSchema] { all.map { $0.schema } }
}
