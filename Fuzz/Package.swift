// swift-tools-version: 6.2
import PackageDescription

// One program for each thing that reads a stranger's bytes. A package of its own: nobody else needs libFuzzer.
let targets = ["JSON", "Base64URL", "Envelope", "SelectiveDisclosure", "Sealed"]
let fuzzing: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "vrm", path: "..")],
    targets: targets.map { name in
        .executableTarget(
            name: "Fuzz\(name)", dependencies: [.product(name: "VRMBundle", package: "vrm")], path: "Sources/\(name)",
            swiftSettings: fuzzing, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])])
    })
