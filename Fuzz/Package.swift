// swift-tools-version: 6.2
import PackageDescription

// The rooms of the core once more, through links, compiled for libFuzzer: every module counts its edges, and
// what a target breaks stops the process. `scripts/fuzz.sh` builds and runs it.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Address and edge counters in what is fuzzed; the rules of name constraints are not `package`.
    .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]

let libraries: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]

let rooms = [
    "PKIX", "MappedFiles", "SignatureAlgorithms", "PathValidation", "RevocationLists", "OCSP", "JPKIProfile",
    "SignatureValidation", "CardProtocol", "OfflineEvidence", "Organizations", "CounterApplications", "Verification",
    "WireFormat", "CommandLine", "CertificateIssuing",
]

let package = Package(
    name: "akashi-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2")],
    targets: rooms.enumerated().map { index, name in
        .target(
            name: name, dependencies: rooms[..<index].map { .target(name: $0) } + (index == 0 ? [] : libraries),
            swiftSettings: strict)
    } + [
        .executableTarget(
            name: "akashi-fuzz", dependencies: rooms.map { .target(name: $0) }, swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
        .executableTarget(name: "akashi-seeds"),
    ]
)
