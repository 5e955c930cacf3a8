// swift-tools-version: 6.2
import PackageDescription

// The prefix of a target is its layer; a target may depend only on the layers below its own:
// C… → Support… → Wire… → Engine… → Lab… → lab. Tests/ArchitectureTests hold the imports to this list.

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
]
let nioHTTP: [Target.Dependency] = [
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOHPACK", package: "swift-nio-http2"),
]
let nioTesting: [Target.Dependency] = [
    .product(name: "NIOEmbedded", package: "swift-nio"),
    .product(name: "NIOTestUtils", package: "swift-nio"),
]

// Coverage-guided fuzzing (bin/fuzz): what is fuzzed counts its edges, and a program around libFuzzer is built. The
// variable holds the path of libFuzzer's archive; without it nothing changes. Of LabSteps that build has the tables alone,
// and so neither engines nor SwiftNIO.
let fuzzer = Context.environment["LAB_FUZZER"]
let fuzzed: Set<String> = [
    "SupportDiagnostics", "SupportYAML", "SupportQuestions", "LabModel", "Wire", "WireSessions", "EngineProbe",
]
let pureTables = ["Tables/ProbeTables.swift", "Tables/SharedTables.swift", "Tables/StepTables.swift"]

func settings(_ name: String) -> [SwiftSetting] {
    guard fuzzer != nil, fuzzed.contains(name) || name == "FuzzTargets" else { return strict }
    // The standard library's own debug checks see what reaches beyond a raw buffer, and the targets' say what did not hold.
    let checks = ["-assert-config", "Debug"]
    return strict + [.unsafeFlags(fuzzed.contains(name) ? ["-sanitize=fuzzer"] + checks : checks)]
}

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings(name))
}

// The release build (bin/setup) starts in less than half the time: the C libraries are linked from their archives, in the
// folder that the variable holds, and the program has a fixed address, so that nothing of it is relocated at its start. What
// it loads, its stack and its heap still lie at random. The archives are found by the module maps alone, since what
// pkg-config says comes first and names the shared libraries.
let archives = Context.environment["LAB_ARCHIVES"]

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: archives == nil ? pkgConfig : nil, providers: [.apt([apt])])
}

let quickStart: [LinkerSetting] =
    archives.map { folder in
        [
            .unsafeFlags([
                "-L", folder, "-lbrotlicommon", "-use-ld=lld", "-Xclang-linker", "-no-pie", "-Xlinker", "--as-needed",
                // Names for others to link with would keep unused code, and slow down the search for the rest.
                "-Xlinker", "--no-export-dynamic",
            ])
        ]
    } ?? []

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let steps: Target =
    fuzzer != nil
    ? .target(
        name: "LabSteps", dependencies: ["WireSessions", "SupportQuestions"], sources: pureTables,
        swiftSettings: strict)
    : module(
        "LabSteps",
        [
            "LabModel", "SupportQuestions", "SupportDiagnostics", "SupportCrypto", "Wire", "WireSessions",
            "EngineProbe", "EngineCapture", "EngineProxy", "EngineWeb", "EngineTrust", "EngineNetwork",
            "SupportTransport", "SupportLinux",
        ] + nio)

let house: [Target] = [
    // C: system libraries (module map and thin shims), and targets with C code of our own.
    system("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
    system("CLibYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    system("CPCRE2", pkgConfig: "libpcre2-8", apt: "libpcre2-dev"),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    system("CBrotli", pkgConfig: "libbrotlidec", apt: "libbrotli-dev"),
    system("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
    .target(name: "CPcap"),
    .target(name: "CLinux"),

    module("SupportDiagnostics"),
    module("SupportYAML", ["CLibYAML", "SupportDiagnostics"]),
    module("SupportCrypto", ["COpenSSL"]),
    module("SupportLinux", ["CLinux"]),
    module("SupportQuestions", ["SupportDiagnostics", "CPCRE2"]),
    module("SupportTransport", ["SupportCrypto", "COpenSSL"] + nio + nioHTTP),

    module("Wire", ["SupportCrypto", "CZlib", "CBrotli", "CZstd", deque]),
    module("WireSessions", ["Wire", "SupportCrypto", "SupportQuestions"]),

    module("EngineNetwork", ["Wire", "CLinux", heap]),
    module("EngineProbe", ["Wire", "SupportLinux", "CLinux"]),
    module("EngineCapture", ["Wire", "SupportLinux", "CPcap"]),
    module("EngineProxy", ["SupportTransport", "SupportCrypto", "Wire", deque, orderedCollections] + nio + nioHTTP),
    module("EngineWeb", ["SupportTransport", "SupportCrypto", "Wire", "CZlib"] + nio + nioHTTP),
    module("EngineTrust", ["SupportCrypto"]),

    module("LabModel", ["SupportYAML", "SupportQuestions", "SupportDiagnostics", "SupportCrypto"]),
    module("LabWorld", ["EngineNetwork", "SupportLinux", "CLinux", "Wire"]),
    steps,
    module(
        "LabJudge",
        [
            "LabModel", "LabSteps", "Wire", "WireSessions", "SupportQuestions", "SupportDiagnostics", "SupportCrypto",
            "SupportLinux",
        ]),
    module(
        "LabRunner",
        [
            "LabModel", "LabSteps", "LabJudge", "LabWorld", "LabRecording", "EngineNetwork", "Wire", "SupportQuestions",
            "SupportLinux", "SupportCrypto",
        ]),
    module("LabRecording", ["LabModel", "SupportQuestions", "Wire", "WireSessions"]),
    module("LabReport", ["LabModel", "SupportDiagnostics", mustache]),
    module(
        "LabAuthoring",
        [
            "LabModel", "LabSteps", "LabReport", "SupportQuestions", "SupportDiagnostics", "SupportYAML",
            "SupportLinux", "WireSessions",
        ]),
    module(
        "LabProof",
        [
            "LabModel", "LabSteps", "LabJudge", "LabRunner", "SupportYAML", "SupportQuestions", "SupportDiagnostics",
            "SupportCrypto", "SupportLinux",
        ]),
    module(
        "LabCommand",
        [
            "LabModel", "LabSteps", "LabJudge", "LabRunner", "LabWorld", "LabReport", "LabRecording", "LabAuthoring",
            "LabProof",
            "SupportQuestions", "SupportDiagnostics", "SupportCrypto", "SupportLinux", "WireSessions", "Wire",
            "EngineProbe", "EngineCapture", "EngineProxy", "EngineTrust", argumentParser,
        ]),
    .executableTarget(name: "lab", dependencies: ["LabCommand"], swiftSettings: strict, linkerSettings: quickStart),

    .executableTarget(
        name: "DissectionBenchmark", dependencies: ["WireSessions", "Wire", "SupportQuestions"],
        path: "Benchmarks/dissection/Program", swiftSettings: strict),
    .executableTarget(
        name: "WorldBenchmark", dependencies: ["LabWorld", "EngineNetwork", "SupportLinux", "CLinux", "Wire"],
        path: "Benchmarks/world/Program", swiftSettings: strict),
    .target(
        name: "FuzzTargets",
        dependencies: [
            "LabModel", "LabSteps", "WireSessions", "Wire", "EngineProbe", "SupportQuestions", "SupportDiagnostics",
        ],
        path: "Tests/Fuzzing/Targets", swiftSettings: settings("FuzzTargets")),
    .target(name: "LabTestSupport", dependencies: [], path: "Tests/LabTestSupport", swiftSettings: strict),
    // A runner that tests may kill.
    .executableTarget(
        name: "world-probe", dependencies: ["LabWorld", "EngineNetwork", "SupportLinux", "CLinux", "Wire"] + nio,
        path: "Tests/WorldProbe", swiftSettings: strict),
    tests("SupportDiagnosticsTests", ["SupportDiagnostics", "LabTestSupport"]),
    tests("SupportYAMLTests", ["SupportYAML", "SupportDiagnostics", "LabTestSupport"]),
    tests("SupportQuestionsTests", ["SupportQuestions", "SupportDiagnostics", "LabTestSupport"]),
    tests("SupportCryptoTests", ["SupportCrypto", "COpenSSL", "LabTestSupport"]),
    tests("SupportLinuxTests", ["SupportLinux", "LabTestSupport"]),
    tests(
        "SupportTransportTests", ["SupportTransport", "SupportCrypto", "LabTestSupport"] + nio + nioHTTP + nioTesting),
    tests("WireTests", ["Wire", "SupportCrypto", "LabTestSupport"]),
    tests("WireSessionsTests", ["WireSessions", "Wire", "SupportQuestions", "LabTestSupport"]),
    tests(
        "EngineNetworkTests", ["EngineNetwork", "EngineProbe", "Wire", "SupportLinux", "CLinux", "LabTestSupport"]),
    tests("EngineProbeTests", ["EngineProbe", "EngineNetwork", "Wire", "CLinux", "LabTestSupport"]),
    tests("EngineCaptureTests", ["EngineCapture", "Wire", "SupportLinux", "CLinux", "LabTestSupport"]),
    tests(
        "EngineProxyTests",
        ["EngineProxy", "EngineWeb", "SupportTransport", "SupportCrypto", "Wire", "LabTestSupport"] + nio + nioHTTP
            + nioTesting
    ),
    tests(
        "EngineWebTests",
        ["EngineWeb", "SupportTransport", "SupportCrypto", "LabTestSupport"] + nio + nioHTTP + nioTesting),
    tests("EngineTrustTests", ["EngineTrust", "SupportCrypto", "LabTestSupport"]),
    tests("LabModelTests", ["LabModel", "SupportYAML", "SupportQuestions", "SupportDiagnostics", "LabTestSupport"]),
    tests(
        "LabWorldTests",
        ["LabWorld", "world-probe", "EngineNetwork", "SupportLinux", "Wire", "LabTestSupport"]),
    tests(
        "LabStepsTests",
        ["LabSteps", "LabModel", "SupportQuestions", "SupportDiagnostics", "EngineNetwork", "Wire", "LabTestSupport"]),
    tests(
        "LabJudgeTests",
        ["LabJudge", "LabSteps", "LabModel", "SupportQuestions", "SupportDiagnostics", "LabTestSupport"]),
    tests("LabRunnerTests", ["LabRunner", "LabJudge", "LabModel", "SupportLinux", "LabTestSupport"]),
    tests("LabRecordingTests", ["LabRecording", "LabModel", "SupportYAML", "SupportDiagnostics", "LabTestSupport"]),
    tests("LabReportTests", ["LabReport", "LabModel", "SupportDiagnostics", "LabTestSupport"]),
    tests(
        "LabAuthoringTests",
        [
            "LabAuthoring", "LabJudge", "LabSteps", "LabModel", "SupportQuestions", "SupportDiagnostics",
            "LabTestSupport",
        ]),
    tests(
        "LabProofTests",
        [
            "LabProof", "LabSteps", "LabJudge", "LabRunner", "LabModel", "SupportDiagnostics", "SupportLinux",
            "LabTestSupport",
        ]),
    tests(
        "LabCommandTests",
        [
            "LabCommand", "LabJudge", "LabModel", "SupportCrypto", "SupportDiagnostics", "SupportLinux",
            "LabTestSupport", argumentParser,
        ]),
    tests("InteropTests", ["LabTestSupport", "Wire", "WireSessions", "SupportQuestions", "SupportCrypto"]),
    tests("ArchitectureTests", ["LabTestSupport"]),
    tests("FuzzingTests", ["FuzzTargets", "LabSteps", "Wire", "LabTestSupport"]),
]

let fuzzing: [Target] =
    fuzzer.map { archive in
        [
            .executableTarget(
                name: "fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/Driver", swiftSettings: strict,
                linkerSettings: [.unsafeFlags([archive, "-lstdc++"])])
        ]
    } ?? []

let package = Package(
    name: "lab",
    products: [.executable(name: "lab", targets: ["lab"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: house + fuzzing,
    swiftLanguageModes: [.v6]
)
