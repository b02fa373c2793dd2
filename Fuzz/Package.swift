// swift-tools-version: 6.2
import PackageDescription

// One program for each thing that reads a stranger's bytes. A package of its own: nobody else needs libFuzzer, which
// `scripts/fuzz` builds everything with.
let names = ["JSON", "Base64URL", "Envelope", "SelectiveDisclosure", "Sealed"]
let bundle = Target.Dependency.product(name: "VRMBundle", package: "vrm")

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "vrm", path: "..")],
    targets: [.target(name: "FuzzTargets", dependencies: [bundle])]
        + names.map { name in
            .executableTarget(
                name: "Fuzz\(name)", dependencies: ["FuzzTargets"], path: "Sources/\(name)",
                // libFuzzer has the main function.
                swiftSettings: [.unsafeFlags(["-parse-as-library"])])
        })
