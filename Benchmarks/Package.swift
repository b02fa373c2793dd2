// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds vrm builds this. `name:` because the identity of a package by path is its
// folder, and a checkout can be called anything.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "vrm", path: "..")],
    targets: [
        .systemLibrary(name: "CSQLitePeer", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CSodiumPeer", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .executableTarget(
            name: "benchmarks",
            dependencies: ["CSQLitePeer", "CSodiumPeer", .product(name: "VRMBundle", package: "vrm")]),
        .executableTarget(name: "bundles", dependencies: ["CSodiumPeer", .product(name: "VRMBundle", package: "vrm")]),
    ]
)
