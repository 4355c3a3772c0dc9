// swift-tools-version: 6.2
import PackageDescription

// The rooms of the core once more, through links, as targets of a package of their own: what is
// measured needs no server, and `package` access does not cross packages.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let libraries: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]

let rooms = [
    "PKIX", "MappedFiles", "SignatureAlgorithms", "PathValidation", "RevocationLists", "OCSP", "JPKIProfile",
    "SignatureValidation", "CommandLine", "CertificateIssuing",
]

let package = Package(
    name: "akashi-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2")],
    targets: rooms.enumerated().map { index, name in
        .target(
            name: name, dependencies: rooms[..<index].map { .target(name: $0) } + (index == 0 ? [] : libraries),
            swiftSettings: strict)
    } + [
        .executableTarget(
            name: "akashi-bench", dependencies: rooms.map { .target(name: $0) } + libraries, swiftSettings: strict),
        .executableTarget(
            name: "akashi-growth", dependencies: rooms.map { .target(name: $0) } + libraries, swiftSettings: strict),
    ]
)
