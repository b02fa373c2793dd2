// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that HTTP and databases never reach the two programs. `name:` because the identity of a package by
// path is its folder, and a checkout can be called anything.
var settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]
if Context.environment["VRM_STRICT"] != nil { settings.append(.treatAllWarnings(as: .error)) }
let bundles = Target.Dependency.product(name: "VRMBundle", package: "vrm")
let terminal = Target.Dependency.product(name: "VRMTerminal", package: "vrm")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

let package = Package(
    name: "service",
    products: [.executable(name: "vrm-vendor-serve", targets: ["vrm-vendor-serve"])],
    dependencies: [
        .package(name: "vrm", path: ".."),
        // Without its traits: neither all of Foundation nor configuration by environment.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CServiceSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "VendorService",
            dependencies: [
                bundles, terminal, "CServiceSQLite", "CPostgreSQL", hummingbird,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Storage/service1.sql"), .embedInCode("openapi.json")],
            swiftSettings: settings),
        .executableTarget(
            name: "vrm-vendor-serve",
            dependencies: [
                "VendorService", terminal, bundles, hummingbird,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: settings),
        // Makes intents and verifies them bare, for scripts/benchmark-service.
        .executableTarget(name: "market", dependencies: [bundles], swiftSettings: settings),
        .testTarget(
            name: "VendorServiceTests",
            dependencies: [
                "VendorService", bundles, hummingbird, .product(name: "HTTPTypes", package: "swift-http-types"),
            ], swiftSettings: settings),
    ]
)
