// swift-tools-version: 6.2
import PackageDescription

// The dependency lists below are the architecture: docs/design.md, "Modules".
var settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]
// scripts/check sets this: a warning of a later compiler must not break anybody's build.
if Context.environment["VRM_STRICT"] != nil { settings.append(.treatAllWarnings(as: .error)) }
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "vrm",
    products: [
        .executable(name: "vrm", targets: ["vrm"]),
        .executable(name: "vrm-vendor", targets: ["vrm-vendor"]),
        .library(name: "VRMBundle", targets: ["VRMBundle", "VRMCrypto", "VRMModel"]),
        // For Service, which speaks to whoever runs it as the two programs do.
        .library(name: "VRMTerminal", targets: ["VRMTerminal"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .target(name: "CVRMShim", dependencies: ["CSQLite"]),

        .target(name: "VRMModel", swiftSettings: settings),
        .target(
            name: "VRMCrypto", dependencies: ["CSodium", crypto],
            swiftSettings: settings + [.strictMemorySafety()]),
        .target(name: "VRMMail", dependencies: ["VRMModel"], swiftSettings: settings),
        .target(
            name: "VRMBundle", dependencies: ["VRMModel", "VRMCrypto"], swiftSettings: settings),
        .target(
            name: "VRMVault",
            dependencies: ["VRMModel", "VRMCrypto", "VRMBundle", "CSQLite", "CVRMShim"],
            resources: [
                .embedInCode("Store/Migrations/vault1.sql"), .embedInCode("Terms/vrm_service_1_en.txt"),
                .embedInCode("Terms/vrm_service_1_de.txt"),
            ], swiftSettings: settings),
        .target(
            name: "VRMExchange", dependencies: ["VRMModel", "VRMMail", "VRMBundle", "CPSL"],
            resources: [.embedInCode("Letters/Templates"), .embedInCode("Rights/Data")],
            swiftSettings: settings),
        .target(
            name: "VRMTerminal", dependencies: ["VRMModel", "VRMMail", "VRMBundle", arguments],
            swiftSettings: settings),

        .executableTarget(
            name: "vrm",
            dependencies: [
                "VRMModel", "VRMMail", "VRMCrypto", "VRMBundle", "VRMVault", "VRMExchange", "VRMTerminal", arguments,
            ], swiftSettings: settings),
        .executableTarget(
            name: "vrm-vendor",
            dependencies: ["VRMModel", "VRMCrypto", "VRMBundle", "VRMTerminal", arguments],
            swiftSettings: settings),

        // Deadlines for test_deadlines.py, which computes them on its own.
        .executableTarget(
            name: "DeadlineProbe", dependencies: ["VRMModel", "VRMBundle", "VRMExchange"], path: "Tests/DeadlineProbe",
            swiftSettings: settings),

        .testTarget(name: "VRMModelTests", dependencies: ["VRMModel"], swiftSettings: settings),
        .testTarget(name: "VRMMailTests", dependencies: ["VRMModel", "VRMMail"], swiftSettings: settings),
        .testTarget(name: "VRMCryptoTests", dependencies: ["VRMCrypto"], swiftSettings: settings),
        .testTarget(
            name: "VRMBundleTests", dependencies: ["VRMModel", "VRMCrypto", "VRMBundle"], swiftSettings: settings),
        .testTarget(
            name: "VRMVaultTests", dependencies: ["VRMModel", "VRMCrypto", "VRMBundle", "VRMVault", "CSQLite"],
            swiftSettings: settings),
        .testTarget(
            name: "VRMExchangeTests", dependencies: ["VRMModel", "VRMMail", "VRMCrypto", "VRMBundle", "VRMExchange"],
            swiftSettings: settings),
        .testTarget(
            name: "TranscriptTests", dependencies: ["vrm", "vrm-vendor"], exclude: ["Transcripts", "Fixtures"],
            swiftSettings: settings),
    ]
)
