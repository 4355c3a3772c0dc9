// swift-tools-version: 6.2
import PackageDescription

// The rooms that decide and their tests, through links, compiled to count which regions run.
// `scripts/coverage.sh` builds and runs it.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let counted = strict + [.unsafeFlags(["-profile-generate", "-profile-coverage-mapping"])]

let libraries: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]

let rooms = [
    "PKIX", "MappedFiles", "SignatureAlgorithms", "PathValidation", "RevocationLists", "OCSP", "JPKIProfile",
    "SignatureValidation", "Organizations", "CounterApplications",
    "CommandLine", "CertificateIssuing",
]

let tests = [
    "PKIXTests", "SignatureAlgorithmsTests", "PathValidationTests", "RevocationTests", "JPKIProfileTests",
    "SignatureValidationTests", "CounterTests", "CommandLineTests", "ConformanceTests",
]

let package = Package(
    name: "akashi-coverage",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2")],
    targets: rooms.enumerated().map { index, name in
        .target(
            name: name, dependencies: rooms[..<index].map { .target(name: $0) } + (index == 0 ? [] : libraries),
            swiftSettings: name == "CertificateIssuing" ? strict : counted)
    }
        + tests.map { name in
            .testTarget(
                name: name, dependencies: rooms.map { .target(name: $0) } + libraries,
                swiftSettings: strict + [.unsafeFlags(["-Onone"])],
                linkerSettings: [.unsafeFlags(["-profile-generate"])])
        }
)
