// swift-tools-version: 6.2
import PackageDescription

// Rooms are constants typed by ring. Each ring's function takes only rooms of
// its own ring and of inner rings, so an outward arrow does not compile.

struct CoreRoom { let name: String }
struct ServiceRoom { let name: String }
struct AdapterRoom { let name: String }
struct SandboxRoom { let name: String }

typealias Library = Target.Dependency

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

nonisolated(unsafe) var targets: [Target] = []

func room(_ ring: String, _ name: String, _ dependencies: [Library], resources: [Resource]? = nil) {
    targets.append(
        .target(
            name: name, dependencies: dependencies, path: "Sources/\(ring)/\(name)", resources: resources,
            swiftSettings: strict))
}

func core(_ name: String, uses rooms: [CoreRoom] = [], libraries: [Library] = []) -> CoreRoom {
    room("Core", name, rooms.map { .target(name: $0.name) } + libraries)
    return CoreRoom(name: name)
}

func service(
    _ name: String, core: [CoreRoom] = [], services: [ServiceRoom] = [], libraries: [Library] = [],
    resources: [Resource]? = nil
) -> ServiceRoom {
    let rooms = core.map(\.name) + services.map(\.name)
    room("Services", name, rooms.map { .target(name: $0) } + libraries, resources: resources)
    return ServiceRoom(name: name)
}

func adapter(
    _ name: String, core: [CoreRoom] = [], services: [ServiceRoom] = [], support: [AdapterRoom] = [],
    libraries: [Library] = [], resources: [Resource]? = nil
) -> AdapterRoom {
    let rooms = core.map(\.name) + services.map(\.name) + support.map(\.name)
    room("Adapters", name, rooms.map { .target(name: $0) } + libraries, resources: resources)
    return AdapterRoom(name: name)
}

func sandbox(
    _ name: String, core: [CoreRoom] = [], services: [ServiceRoom] = [], rooms others: [SandboxRoom] = [],
    support: [AdapterRoom] = [], libraries: [Library] = []
) -> SandboxRoom {
    let rooms = core.map(\.name) + services.map(\.name) + others.map(\.name) + support.map(\.name)
    room("Sandbox", name, rooms.map { .target(name: $0) } + libraries)
    return SandboxRoom(name: name)
}

/// `AKASHI_TESTS=RevocationTests,FlowTests swift build --build-tests` builds only those; without it, all of them.
let wantedTests = Context.environment["AKASHI_TESTS"]?.split(separator: ",").map(String.init)

/// Tests are compiled without the optimizer, which would take longer than they run; the rooms they test are not.
let testSettings = strict + [.unsafeFlags(["-Onone"])]

func tests(
    _ name: String, core: [CoreRoom] = [], services: [ServiceRoom] = [], adapters: [AdapterRoom] = [],
    sandbox: [SandboxRoom] = [], libraries: [Library] = []
) {
    guard wantedTests?.contains(name) != false else { return }
    let rooms = core.map(\.name) + services.map(\.name) + adapters.map(\.name) + sandbox.map(\.name)
    targets.append(
        .testTarget(
            name: name, dependencies: rooms.map { .target(name: $0) } + libraries, path: "Tests/\(name)",
            swiftSettings: testSettings))
}

// Libraries
let crypto: Library = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Library = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Library = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Library = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Library = .product(name: "HummingbirdTLS", package: "hummingbird")
let mustache: Library = .product(name: "Mustache", package: "swift-mustache")
let asyncHTTPClient: Library = .product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore: Library = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Library = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Library = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Library = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes: Library = .product(name: "HTTPTypes", package: "swift-http-types")
let grdb: Library = .product(name: "GRDB", package: "GRDB.swift")
let yams: Library = .product(name: "Yams", package: "Yams")
let argumentParser: Library = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Library = .product(name: "Logging", package: "swift-log")
let metrics: Library = .product(name: "Metrics", package: "swift-metrics")
let unixSignals: Library = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let serviceLifecycle: Library = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

// MARK: Core

let pkix = core("PKIX")
let signatureAlgorithms = core("SignatureAlgorithms", uses: [pkix], libraries: [crypto, cryptoExtras])
let pathValidation = core("PathValidation", uses: [pkix, signatureAlgorithms])
let revocationLists = core("RevocationLists", uses: [pkix, signatureAlgorithms, pathValidation])
let ocsp = core("OCSP", uses: [pkix, signatureAlgorithms, pathValidation])
let jpkiProfile = core("JPKIProfile", uses: [pkix, signatureAlgorithms, pathValidation])
let signatureValidation = core(
    "SignatureValidation", uses: [pkix, signatureAlgorithms, pathValidation, revocationLists, ocsp, jpkiProfile])
let offlineEvidence = core("OfflineEvidence", uses: [pkix, signatureAlgorithms, pathValidation, signatureValidation])
let auditTrail = core("AuditTrail", uses: [pkix], libraries: [crypto])
let organizations = core("Organizations", uses: [pkix])
let cardProtocol = core("CardProtocol", uses: [pkix, signatureAlgorithms])
let counterApplications = core("CounterApplications", uses: [pkix, signatureAlgorithms, organizations])

let authenticators = core("Authenticators", uses: [pkix], libraries: [crypto, cryptoExtras])

let validationRooms = [
    pkix, signatureAlgorithms, pathValidation, revocationLists, ocsp, jpkiProfile, signatureValidation,
]

// MARK: Services

let verification = service("Verification", core: validationRooms + [organizations], libraries: [logging, metrics])
let revocationUpdating = service(
    "RevocationUpdating", core: validationRooms + [organizations], services: [verification],
    libraries: [logging, metrics, serviceLifecycle])
let localResponder = service(
    "LocalResponder", core: validationRooms + [organizations], services: [verification],
    libraries: [metrics, serviceLifecycle])
let deviceEnrolment = service(
    "DeviceEnrolment", core: [pkix, signatureAlgorithms, organizations], services: [verification])
let staffSignIn = service(
    "StaffSignIn", core: [pkix, signatureAlgorithms, organizations, authenticators], services: [verification])
let messageCatalogue = service("MessageCatalogue", resources: [.copy("Resources")])
let wireFormat = service(
    "WireFormat", core: validationRooms + [organizations, offlineEvidence, counterApplications],
    services: [verification])
let batchStatus = service(
    "BatchStatus", core: validationRooms + [organizations, offlineEvidence],
    services: [verification, revocationUpdating, wireFormat],
    libraries: [logging, metrics, serviceLifecycle])
let terminalSession = service(
    "TerminalSession", core: [pkix, signatureAlgorithms, cardProtocol], services: [verification, wireFormat])
let counterService = service(
    "CounterService", core: validationRooms + [organizations, counterApplications, cardProtocol],
    services: [verification], libraries: [logging, metrics, serviceLifecycle], resources: [.copy("Resources")])

// MARK: Adapters

let mappedFiles = adapter("MappedFiles", core: [pkix])
// zlib as the system has it.
targets.append(
    .systemLibrary(
        name: "CZlib", path: "Sources/SystemLibraries/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]))
let gzip = adapter("Gzip", libraries: [.target(name: "CZlib")])

let observability = adapter("Observability", libraries: [logging, metrics])
let httpSupport = adapter(
    "HTTPSupport", core: [pkix],
    libraries: [
        hummingbird, hummingbirdCore, hummingbirdTLS, nioCore, nioHTTP1, nioSSL, httpTypes, logging, serviceLifecycle,
    ])
let httpAPI = adapter(
    "HTTPAPI", core: validationRooms + [organizations, counterApplications],
    services: [
        verification, revocationUpdating, batchStatus, deviceEnrolment, counterService, messageCatalogue, wireFormat,
    ],
    support: [httpSupport, gzip],
    libraries: [hummingbird, nioCore, httpTypes, logging, metrics, crypto], resources: [.copy("Resources")])
let localResponderHTTP = adapter(
    "LocalResponderHTTP", core: [pkix], services: [localResponder], support: [httpSupport],
    libraries: [hummingbird, nioCore, httpTypes, crypto])
let sqliteStore = adapter(
    "SQLiteStore", core: [pkix, auditTrail, organizations, offlineEvidence, authenticators, counterApplications],
    services: [verification, revocationUpdating, batchStatus, deviceEnrolment, staffSignIn, counterService],
    libraries: [grdb, crypto, metrics])
let jobFiles = adapter("JobFiles", core: [pkix], services: [batchStatus], libraries: [crypto])
let outgoingHTTP = adapter("OutgoingHTTP", libraries: [asyncHTTPClient, nioCore, nioHTTP1, nioSSL])
let ocspOverHTTP = adapter(
    "OCSPOverHTTP", core: [pkix], services: [verification], support: [outgoingHTTP], libraries: [logging, metrics])
let revocationIndexFiles = adapter(
    "RevocationIndexFiles", core: [pkix, signatureAlgorithms, revocationLists, organizations],
    services: [revocationUpdating], support: [mappedFiles])
// OpenLDAP's client library.
targets.append(
    .systemLibrary(
        name: "CLDAP", path: "Sources/SystemLibraries/CLDAP", pkgConfig: "ldap", providers: [.apt(["libldap-dev"])]))
let crlSources = adapter(
    "CRLSources", core: [pkix, signatureAlgorithms], services: [verification, revocationUpdating],
    support: [outgoingHTTP, mappedFiles], libraries: [.target(name: "CLDAP")])
let networkLinks = adapter("NetworkLinks")
let keyFiles = adapter(
    "KeyFiles", core: [pkix, organizations], services: [verification, staffSignIn], libraries: [crypto, cryptoExtras])
let systemClock = adapter("SystemClock", core: [pkix], services: [verification])
let configurationFiles = adapter(
    "ConfigurationFiles", core: validationRooms + [organizations, counterApplications],
    services: [verification, revocationUpdating, localResponder, counterService],
    libraries: [yams, crypto])
let platformClient = adapter(
    "PlatformClient", core: [pkix, signatureAlgorithms], services: [verification, wireFormat, terminalSession],
    support: [outgoingHTTP],
    libraries: [nioCore, nioSSL])
let issuingServerClient = adapter(
    "IssuingServerClient", core: [pkix, jpkiProfile, organizations, counterApplications],
    services: [verification, wireFormat, counterService], support: [outgoingHTTP],
    libraries: [nioSSL, logging, metrics])
let terminalFiles = adapter(
    "TerminalFiles", core: [pkix, signatureAlgorithms, cardProtocol, offlineEvidence],
    services: [verification, wireFormat, terminalSession], libraries: [.target(name: "CProcess")])
// System calls that Swift cannot make itself.
targets.append(.systemLibrary(name: "CProcess", path: "Sources/SystemLibraries/CProcess"))
let protectedMemory = adapter("ProtectedMemory", core: [cardProtocol], libraries: [.target(name: "CProcess")])
// The client library of pcscd; linked by akashi-terminal alone.
targets.append(
    .systemLibrary(
        name: "CPCSC", path: "Sources/SystemLibraries/CPCSC", pkgConfig: "libpcsclite",
        providers: [.apt(["libpcsclite-dev"])]))
let pcsc = adapter(
    "PCSC", core: [cardProtocol], services: [terminalSession], support: [protectedMemory],
    libraries: [.target(name: "CPCSC")])
// HarfBuzz and its subsetter, and QR codes, for what is printed.
targets.append(
    .systemLibrary(
        name: "CHarfBuzz", path: "Sources/SystemLibraries/CHarfBuzz", pkgConfig: "harfbuzz-subset",
        providers: [.apt(["libharfbuzz-dev"])]))
targets.append(
    .systemLibrary(
        name: "CQRCode", path: "Sources/SystemLibraries/CQRCode", pkgConfig: "libqrencode",
        providers: [.apt(["libqrencode-dev"])]))
let paperLayout = adapter(
    "PaperLayout", core: [pkix],
    libraries: [.target(name: "CHarfBuzz"), .target(name: "CQRCode"), .target(name: "CZlib"), crypto])
let pdfRendering = adapter(
    "PDFRendering", core: [pkix, counterApplications], services: [counterService], support: [paperLayout],
    libraries: [.target(name: "CProcess")], resources: [.copy("Resources")])
let printing = adapter(
    "Printing", core: [counterApplications], services: [counterService], support: [outgoingHTTP])
// The header of PKCS #11; modules are loaded when they are named.
targets.append(.systemLibrary(name: "CPKCS11", path: "Sources/SystemLibraries/CPKCS11"))
let pkcs11 = adapter(
    "PKCS11", core: [pkix], services: [verification], support: [protectedMemory],
    libraries: [crypto, .target(name: "CPKCS11")])
let bulkStatus = adapter("BulkStatus", core: validationRooms, services: [wireFormat], support: [mappedFiles])
let commandLine = adapter(
    "CommandLine", core: validationRooms + [organizations], services: [wireFormat], support: [mappedFiles],
    libraries: [])

let webPages = adapter(
    "WebPages", core: [cardProtocol], services: [messageCatalogue, terminalSession, wireFormat],
    support: [httpSupport, protectedMemory],
    libraries: [hummingbird, nioCore, httpTypes, logging, serviceLifecycle, mustache], resources: [.copy("Resources")])

let staffPages = adapter(
    "StaffPages", core: [pkix, signatureAlgorithms, organizations, counterApplications],
    services: [staffSignIn, counterService], support: [httpSupport],
    libraries: [hummingbird, nioCore, httpTypes, mustache], resources: [.copy("Resources")])

// MARK: Sandbox

let certificateIssuing = sandbox(
    "CertificateIssuing", core: [pkix, signatureAlgorithms, pathValidation, revocationLists, ocsp, jpkiProfile],
    libraries: [crypto, cryptoExtras])
let sandboxAuthority = sandbox(
    "SandboxAuthority",
    core: [pkix, signatureAlgorithms, pathValidation, revocationLists, ocsp, jpkiProfile, organizations],
    rooms: [certificateIssuing], support: [httpSupport],
    libraries: [hummingbird, nioCore, httpTypes, logging, crypto, cryptoExtras, serviceLifecycle])

let virtualCard = sandbox(
    "VirtualCard", core: [pkix, signatureAlgorithms, jpkiProfile, organizations, cardProtocol],
    services: [terminalSession],
    rooms: [certificateIssuing, sandboxAuthority], support: [outgoingHTTP])

let sandboxIssuingServer = sandbox(
    "SandboxIssuingServer",
    core: [pkix, signatureAlgorithms, jpkiProfile, organizations, counterApplications], services: [wireFormat],
    rooms: [certificateIssuing, sandboxAuthority], support: [httpSupport, outgoingHTTP, paperLayout],
    libraries: [hummingbird, nioCore, httpTypes, logging, serviceLifecycle])

let sandboxPrinters = sandbox(
    "SandboxPrinters", core: [pkix], rooms: [certificateIssuing], libraries: [serviceLifecycle])

let demonstration = sandbox(
    "Demonstration", core: [pkix, jpkiProfile, organizations, authenticators, counterApplications],
    rooms: [certificateIssuing, sandboxAuthority, sandboxIssuingServer, sandboxPrinters],
    support: [outgoingHTTP, platformClient, paperLayout, pdfRendering], libraries: [crypto, logging])

// MARK: Executables

// Rooms of the terminal, which links PC/SC; `akashi` does without them.
let terminalRooms: Set<String> = [pcsc.name, pkcs11.name, protectedMemory.name, webPages.name, terminalFiles.name]
let rooms = targets.filter { $0.type == .regular }.map(\.name)

targets.append(
    .executableTarget(
        name: "akashi",
        dependencies: rooms.filter { !terminalRooms.contains($0) }.map { .target(name: $0) } + [
            .target(name: "CProcess"), argumentParser, logging, metrics, serviceLifecycle, unixSignals,
        ],
        path: "Sources/Executables/akashi", swiftSettings: strict))

// The device with the card reader: nothing of the server, nothing of the sandbox.
let terminalUses =
    [pkix, signatureAlgorithms, cardProtocol, offlineEvidence].map(\.name)
    + [verification, wireFormat, messageCatalogue, terminalSession].map(\.name)
    + [platformClient, protectedMemory, pcsc, systemClock, outgoingHTTP, webPages, observability].map(\.name)
    + [httpSupport, keyFiles, pkcs11, terminalFiles].map(\.name)
targets.append(
    .executableTarget(
        name: "akashi-terminal",
        dependencies: terminalUses.map { .target(name: $0) } + [
            argumentParser, logging, serviceLifecycle, unixSignals,
        ],
        path: "Sources/Executables/akashi-terminal", swiftSettings: strict))

// MARK: Tests

// Simulated papers and what processes of the counter's tests say to each other. Not shipped.
targets.append(
    .target(
        name: "CounterKit",
        dependencies: ([pkix, organizations, authenticators, counterApplications].map(\.name)
            + [verification, counterService].map(\.name)).map { .target(name: $0) },
        path: "Tests/CounterKit", swiftSettings: strict))

// A spooler for as long as a test needs it. Not shipped.
targets.append(
    .target(
        name: "SpoolerKit", dependencies: [outgoingHTTP.name, sandboxPrinters.name].map { .target(name: $0) },
        path: "Tests/SpoolerKit", swiftSettings: strict))

// The second process of the store's tests: replays, appends until it is killed, measures.
targets.append(
    .executableTarget(
        name: "StoreProbe",
        dependencies: [pkix.name, auditTrail.name, organizations.name, verification.name].map { .target(name: $0) }
            + [counterApplications.name, counterService.name].map { .target(name: $0) }
            + [sqliteStore.name, keyFiles.name, systemClock.name].map { .target(name: $0) }
            + [.target(name: "CounterKit"), logging],
        path: "Tests/StoreProbe", swiftSettings: strict))

// The second process of the list store's tests, and what it has in common with them. Not shipped.
let probeKitRooms =
    [pkix, signatureAlgorithms, revocationLists, auditTrail, organizations].map(\.name)
    + [verification, revocationUpdating].map(\.name)
    + [revocationIndexFiles, mappedFiles, sqliteStore, systemClock].map(\.name)
    + [certificateIssuing.name]
targets.append(
    .target(
        name: "ListProbeKit", dependencies: probeKitRooms.map { .target(name: $0) } + [logging],
        path: "Tests/ListProbeKit", swiftSettings: strict))
targets.append(
    .executableTarget(
        name: "ListProbe",
        dependencies: [.target(name: "ListProbeKit"), .target(name: revocationUpdating.name)], path: "Tests/ListProbe",
        swiftSettings: strict))

// The page at the counter with a check that is played to it, for scripts/browser. Not shipped.
targets.append(
    .executableTarget(
        name: "KioskProbe",
        dependencies: [cardProtocol.name, terminalSession.name, wireFormat.name].map { .target(name: $0) }
            + [webPages.name, observability.name, httpSupport.name].map { .target(name: $0) }
            + [logging, serviceLifecycle, unixSignals],
        path: "Tests/KioskProbe", swiftSettings: strict))

/// `AKASHI_BENCH=1 make build` builds the programs of scripts/bench-*.sh as well; nothing else needs them.
if Context.environment["AKASHI_BENCH"] != nil {
    // Load on a running platform, for scripts/bench-http.sh. Not shipped.
    targets.append(
        .executableTarget(
            name: "LoadProbe", dependencies: [asyncHTTPClient, nioCore, nioHTTP1, nioSSL], path: "Tests/LoadProbe",
            swiftSettings: strict))
    // Status requests while a list is replaced, for scripts/bench-swap.sh. Not shipped.
    targets.append(
        .executableTarget(
            name: "StatusProbe",
            dependencies: [pkix.name, revocationLists.name, certificateIssuing.name].map { .target(name: $0) }
                + [asyncHTTPClient, nioCore, nioHTTP1, nioSSL],
            path: "Tests/StatusProbe", swiftSettings: strict))
    // Sends back what it is sent, for scripts/bench-batches.sh. Not shipped.
    targets.append(
        .executableTarget(
            name: "EchoProbe",
            dependencies: [
                .target(name: httpSupport.name), hummingbird, httpTypes, logging, nioCore, serviceLifecycle,
            ],
            path: "Tests/EchoProbe", swiftSettings: strict))
}

tests("PKIXTests", core: [pkix])
tests("SignatureAlgorithmsTests", core: [pkix, signatureAlgorithms], libraries: [crypto, cryptoExtras])
tests("PathValidationTests", core: validationRooms, sandbox: [certificateIssuing])
tests("RevocationTests", core: validationRooms, sandbox: [certificateIssuing])
tests("JPKIProfileTests", core: validationRooms, sandbox: [certificateIssuing])
tests("SignatureValidationTests", core: validationRooms, sandbox: [certificateIssuing])
tests("AuditTrailTests", core: [pkix, auditTrail], libraries: [crypto])
tests("OrganizationsTests", core: [pkix, organizations])
tests(
    "VerificationTests", core: validationRooms + [organizations],
    services: [verification, wireFormat, messageCatalogue], sandbox: [certificateIssuing])
tests(
    "RevocationUpdatingTests", core: validationRooms + [organizations], services: [verification, revocationUpdating],
    adapters: [crlSources, networkLinks, ocspOverHTTP, outgoingHTTP, observability, revocationIndexFiles],
    sandbox: [certificateIssuing],
    libraries: [nioCore, nioPosix, logging, metrics, serviceLifecycle])
tests(
    "LocalResponderTests", core: validationRooms + [organizations],
    services: [verification, localResponder], adapters: [localResponderHTTP, httpSupport],
    sandbox: [certificateIssuing],
    libraries: [asyncHTTPClient, hummingbird, httpTypes, nioCore, nioHTTP1, logging, serviceLifecycle])
tests(
    "PlatformClientTests", core: [pkix], adapters: [platformClient, outgoingHTTP, httpSupport],
    sandbox: [certificateIssuing],
    libraries: [hummingbird, httpTypes, nioCore, logging, serviceLifecycle])
tests(
    "SQLiteStoreTests", core: [pkix, organizations, auditTrail], services: [verification, revocationUpdating],
    adapters: [sqliteStore, keyFiles, systemClock], libraries: [grdb, crypto, .target(name: "StoreProbe")])
tests(
    "RevocationIndexFilesTests", core: [pkix, signatureAlgorithms, revocationLists, organizations],
    services: [verification, revocationUpdating],
    adapters: [revocationIndexFiles, mappedFiles, sqliteStore, systemClock], sandbox: [certificateIssuing],
    libraries: [logging, .target(name: "ListProbeKit"), .target(name: "ListProbe")])
tests(
    "KeyFilesTests", core: [pkix, organizations], services: [verification], adapters: [keyFiles],
    libraries: [crypto])
tests(
    "BatchStatusTests", core: validationRooms + [organizations, offlineEvidence],
    services: [verification, wireFormat, revocationUpdating, batchStatus],
    adapters: [sqliteStore, jobFiles, systemClock, revocationIndexFiles], sandbox: [certificateIssuing],
    libraries: [grdb, logging])
tests(
    "StaffTests", core: [pkix, organizations, authenticators, counterApplications],
    services: [verification, staffSignIn, counterService],
    adapters: [sqliteStore, keyFiles, systemClock, httpSupport, staffPages],
    libraries: [.target(name: "CounterKit")])
tests("SystemClockTests", core: [pkix], services: [verification], adapters: [systemClock])
tests(
    "HTTPAPITests", core: validationRooms + [organizations, counterApplications],
    services: [
        verification, revocationUpdating, batchStatus, messageCatalogue, wireFormat, terminalSession, counterService,
    ],
    adapters: [httpAPI, httpSupport, observability, configurationFiles, sqliteStore, jobFiles, keyFiles],
    sandbox: [certificateIssuing],
    libraries: [
        hummingbird, nioCore, nioSSL, httpTypes, logging, metrics, asyncHTTPClient, serviceLifecycle,
        .target(name: "CounterKit"),
    ])
tests(
    "SandboxAuthorityTests", core: validationRooms + [organizations, counterApplications],
    services: [revocationUpdating, counterService],
    adapters: [configurationFiles], sandbox: [certificateIssuing, sandboxAuthority, demonstration],
    libraries: [asyncHTTPClient, hummingbird, logging, nioCore, nioHTTP1])
tests(
    "CommandLineTests", core: validationRooms, services: [wireFormat], adapters: [commandLine],
    sandbox: [certificateIssuing])
tests("ConformanceTests", core: validationRooms, adapters: [commandLine])
tests(
    "CardTests", core: [pkix, signatureAlgorithms, cardProtocol],
    services: [verification, wireFormat, messageCatalogue, terminalSession],
    adapters: [protectedMemory, webPages, httpSupport],
    sandbox: [certificateIssuing, sandboxAuthority, virtualCard])
tests(
    "WebPagesTests", core: [cardProtocol, counterApplications], services: [messageCatalogue, terminalSession],
    adapters: [webPages, httpSupport], libraries: [logging, serviceLifecycle])
tests(
    "PaperTests", core: [pkix, jpkiProfile, organizations, counterApplications, cardProtocol],
    services: [verification, counterService],
    adapters: [paperLayout, pdfRendering, printing, outgoingHTTP],
    sandbox: [certificateIssuing, sandboxAuthority, sandboxPrinters, virtualCard],
    libraries: [nioSSL, logging, .target(name: "SpoolerKit")])
tests(
    "IssuingServerTests", core: [pkix, signatureAlgorithms, jpkiProfile, organizations, counterApplications],
    services: [verification, wireFormat, counterService],
    adapters: [
        issuingServerClient, outgoingHTTP, httpSupport, sqliteStore, keyFiles, systemClock, pdfRendering, jobFiles,
        configurationFiles,
    ],
    sandbox: [certificateIssuing, sandboxAuthority, sandboxIssuingServer, demonstration],
    libraries: [hummingbird, logging, nioCore, serviceLifecycle, .target(name: "CounterKit")])
tests("ArchitectureTests")
tests(
    "FlowTests",
    core: validationRooms + [organizations, offlineEvidence, cardProtocol, authenticators, counterApplications],
    services: [verification, revocationUpdating, wireFormat, terminalSession, counterService, staffSignIn],
    adapters: [
        platformClient, outgoingHTTP, systemClock, configurationFiles, crlSources, keyFiles, ocspOverHTTP,
        revocationIndexFiles, sqliteStore, pkcs11, terminalFiles, httpSupport, staffPages, webPages, pdfRendering,
        issuingServerClient, observability,
    ],
    sandbox: [certificateIssuing, sandboxAuthority, demonstration, virtualCard, sandboxIssuingServer],
    libraries: [
        nioSSL, logging, crypto, metrics, serviceLifecycle, .target(name: "TokenKit"), .target(name: "CounterKit"),
    ])

// Tokens of SoftHSM and of a TPM in software, for the tests of devices.
targets.append(
    .target(
        name: "TokenKit", dependencies: [.target(name: "CPKCS11")], path: "Tests/TokenKit", swiftSettings: strict))

// The second process of the queue's tests: appends and hands over until it is killed. Not shipped.
targets.append(
    .executableTarget(
        name: "QueueProbe",
        dependencies: [pkix, cardProtocol, offlineEvidence].map { .target(name: $0.name) }
            + [verification, terminalSession].map { .target(name: $0.name) }
            + [keyFiles, systemClock, terminalFiles].map { .target(name: $0.name) },
        path: "Tests/QueueProbe", swiftSettings: strict))
tests(
    "DeviceTests", core: [pkix, signatureAlgorithms, organizations, offlineEvidence, cardProtocol],
    services: [verification, deviceEnrolment, batchStatus, terminalSession],
    adapters: [sqliteStore, keyFiles, pkcs11, systemClock, terminalFiles],
    libraries: [crypto, .target(name: "QueueProbe"), .target(name: "TokenKit")])

tests(
    "CounterTests", core: validationRooms + [organizations, counterApplications],
    services: [verification, counterService, staffSignIn, wireFormat],
    adapters: [
        sqliteStore, keyFiles, systemClock, configurationFiles, printing, httpAPI, httpSupport, staffPages,
    ],
    sandbox: [certificateIssuing, sandboxAuthority, sandboxPrinters],
    libraries: [
        grdb, logging, serviceLifecycle, hummingbird, nioCore, httpTypes, .target(name: "StoreProbe"),
        .target(name: "CounterKit"), .target(name: "SpoolerKit"),
    ])

let package = Package(
    name: "akashi",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: targets
)
