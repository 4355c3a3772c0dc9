import Testing

/// The arrows between the rings, as the sources have them. Package.swift forbids them too; this also sees libraries
/// that come along with others.
@Suite struct RingTests {
    static let rooms = Repository.rooms
    static let names = Set(rooms.map(\.name))

    /// What the core may take from outside: primitives without time, files or network.
    static let coreLibraries: Set<String> = ["Crypto", "CryptoExtras", "SwiftASN1", "X509", "Synchronization"]
    /// Interfaces to which the program that runs gives a back end; `Foundation` for JSON in the rooms that carry it.
    static let serviceLibraries: Set<String> = ["Logging", "Metrics", "Tracing", "ServiceLifecycle", "Synchronization"]
    static let serviceRoomsWithFoundation: Set<String> = ["WireFormat", "MessageCatalogue", "CounterService"]
    /// Adapters that others may import: they carry HTTP, files or secrets and decide nothing.
    static let supportRooms: Set<String> = [
        "HTTPSupport", "OutgoingHTTP", "MappedFiles", "ProtectedMemory", "Gzip", "PaperLayout",
    ]

    @Test("there are rooms in every ring, so the tests below look at something")
    func ringsAreThere() {
        for ring in Room.Ring.allCases {
            #expect(Self.rooms.contains { $0.ring == ring }, "\(ring)")
            for room in Self.rooms where room.ring == ring { #expect(!room.sources.isEmpty, "\(room)") }
        }
    }

    @Test(
        "the core imports core rooms and cryptographic primitives alone", arguments: rooms.filter { $0.ring == .core })
    func coreImports(room: Room) {
        let allowed = Self.coreLibraries.union(Self.names(in: [.core]))
        Self.expect(room, importsOnly: allowed)
    }

    @Test("services import no library that does input or output", arguments: rooms.filter { $0.ring == .services })
    func serviceImports(room: Room) {
        var allowed = Self.serviceLibraries.union(Self.names(in: [.core, .services]))
        if Self.serviceRoomsWithFoundation.contains(room.name) { allowed.insert("Foundation") }
        Self.expect(room, importsOnly: allowed)
    }

    @Test("an adapter imports no other adapter but the support rooms", arguments: rooms.filter { $0.ring == .adapters })
    func adapterImports(room: Room) {
        let forbidden = Self.names(in: [.adapters, .sandbox, .executables]).subtracting(Self.supportRooms)
        for file in room.sources {
            let found = forbidden.intersection(file.imports).subtracting([room.name])
            #expect(found.isEmpty, "\(file) imports \(found.sorted())")
        }
    }

    @Test("a support room imports no room that decides, stores or asks")
    func supportImports() {
        let forbidden = Self.names(in: [.services, .adapters, .sandbox]).subtracting(Self.supportRooms)
        for room in Self.rooms where Self.supportRooms.contains(room.name) {
            for file in room.sources {
                #expect(forbidden.isDisjoint(with: file.imports), "\(file)")
            }
        }
    }

    @Test(
        "a package that builds rooms again names, in order, each room that they import",
        arguments: ["Benchmarks", "Fuzz", "Coverage"])
    func packagesBeside(package: String) throws {
        let manifest = Repository.text("\(package)/Package.swift")
        let list = try #require(manifest.firstMatch(of: /let rooms = \[([^\]]*)\]/)?.1)
        let order = list.matches(of: /"([A-Za-z]+)"/).map { String($0.1) }
        #expect(order.first == "PKIX")
        for (index, name) in order.enumerated() {
            let room = try #require(Self.rooms.first { $0.name == name }, "\(name)")
            #expect(Repository.exists("\(package)/Sources/\(name)"), "\(package)/Sources/\(name) is a link to it")
            let imports = Set(room.sources.flatMap(\.imports)).intersection(Self.names)
            #expect(imports.isSubset(of: order[..<index]), "\(name) imports \(imports.subtracting(order[..<index]))")
        }
    }

    @Test("the sandbox is imported by executables and tests alone")
    func sandboxStaysOutside() {
        let forbidden = Self.names(in: [.sandbox, .executables])
        for room in Self.rooms where [.core, .services, .adapters].contains(room.ring) {
            for file in room.sources { #expect(forbidden.isDisjoint(with: file.imports), "\(file)") }
        }
    }

    /// Modules that share their name with a type still: the type cannot be written with its module's name, and a
    /// library interface of them could not be read back. To be renamed; the list may only grow shorter.
    static let namesake: Set<String> = ["Demonstration", "PlatformClient", "SQLiteStore", "SystemClock"]

    @Test("no module has the name of a type in it, and the known exceptions are real", arguments: rooms)
    func moduleNames(room: Room) throws {
        let type = try Regex<Substring>(
            #"\b(?:struct|class|enum|actor|protocol|typealias)\s+\#(room.name)\b"#, as: Substring.self)
        let holders = room.sources.filter { !$0.lines(matching: type).isEmpty }
        if Self.namesake.contains(room.name) {
            #expect(!holders.isEmpty, "\(room) is no exception any more")
        } else {
            #expect(holders.isEmpty, "\(holders)")
        }
    }

    private static func names(in rings: Set<Room.Ring>) -> Set<String> {
        Set(rooms.filter { rings.contains($0.ring) }.map(\.name))
    }

    private static func expect(_ room: Room, importsOnly allowed: Set<String>) {
        for file in room.sources {
            let found = Set(file.imports).subtracting(allowed)
            #expect(found.isEmpty, "\(file) imports \(found.sorted())")
        }
    }
}
