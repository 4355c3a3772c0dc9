import CRLSources
import CertificateIssuing
import Foundation
import OutgoingHTTP
import PKIX
import RevocationUpdating
import Testing

/// A directory that answers otherwise than it should, and how that is named.
struct DirectoryFault: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let script: @Sendable (ScriptedConnection) -> Void

    var testDescription: String { name }

    init(_ name: String, _ code: String, _ script: @escaping @Sendable (ScriptedConnection) -> Void) {
        (self.name, self.code, self.script) = (name, code, script)
    }

    /// LDAPMessage 1: BindResponse, success.
    static let bound: [UInt8] = [0x30, 0x0C, 0x02, 0x01, 0x01, 0x61, 0x07, 0x0A, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00]
    /// LDAPMessage 2: SearchResultDone, success.
    static let nothingFound: [UInt8] = [
        0x30, 0x0C, 0x02, 0x01, 0x02, 0x65, 0x07, 0x0A, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00,
    ]

    static let all: [DirectoryFault] = [
        DirectoryFault("closes at once", "connection_failed") { _ in },
        DirectoryFault("is silent", "timed_out") { $0.pause(30) },
        DirectoryFault("closes after the bind", "connection_failed") {
            $0.waitForOctets()
            $0.send(bound)
        },
        DirectoryFault("is silent after the bind", "timed_out") {
            $0.waitForOctets()
            $0.send(bound)
            $0.pause(30)
        },
        DirectoryFault("finds nothing and says that this is all", "no_list_in_entry") {
            $0.waitForOctets()
            $0.send(bound)
            $0.waitForOctets()
            $0.send(nothingFound)
            $0.pause(30)
        },
        DirectoryFault("drips an entry without end", "timed_out") {
            $0.waitForOctets()
            $0.send(bound)
            $0.waitForOctets()
            $0.send([0x30, 0x83, 0x00, 0xFF, 0xFF, 0x02, 0x01, 0x02, 0x64])
            while $0.send([0x30]) { $0.pause(0.05) }
        },
        DirectoryFault("announces two gigabytes", "too_large") {
            $0.waitForOctets()
            $0.send(bound)
            $0.waitForOctets()
            $0.send([0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 0x02, 0x01, 0x02, 0x64])
            $0.pause(30)
        },
        DirectoryFault("is reset in the middle", "connection_failed") {
            $0.waitForOctets()
            $0.send(bound)
            $0.waitForOctets()
            $0.send([0x30, 0x83, 0x00, 0xFF, 0xFF, 0x02, 0x01, 0x02, 0x64])
            $0.reset()
        },
        DirectoryFault("speaks HTTP", "connection_failed") {
            $0.send(
                Array(
                    "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nserver: \(String(repeating: "x", count: 99))\r\n\r\n"
                        .utf8))
            $0.pause(30)
        },
    ]
}

@Suite("A list out of a directory", .serialized)
struct DirectoryTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private func list(_ city: String, number: UInt64 = 10, entries: UInt64 = 3) throws -> [UInt8] {
        try ListRecipe(authority).with {
            $0.point = cityPoint(city)
            $0.number = CRLNumber(number)
            $0.serials = (1...entries).map { $0 }
        }.der()
    }

    private func directorySource(
        _ name: String,
        at server: DirectoryServer,
        maximumSize: Int = 1_000_000,
        deadline: Int = 10
    ) -> CRLSource {
        source(
            of: authority, at: .ldap(DirectoryEntry(server: server, name: name)), scope: .any,
            maximumSize: maximumSize, deadline: deadline)
    }

    /// The code of one refresh of a source, with an updater of its own.
    private func outcome(_ source: CRLSource) async throws -> String {
        try await withSpool { spool in
            let fetcher = ConfiguredListFetcher(client: OutgoingHTTPClient(), spool: spool)
            return try await Bench().updater([source], fetcher: fetcher).refreshed()
        }
    }

    @Test("comes from the entry, is not fetched again as long as the entry stays, and then is")
    func fetched() async throws {
        try await SlapdServer.with { slapd in
            let name = "Shiken-shi, \"A+B\"; #1 試験市"
            try slapd.addEntries([(name, try list("A"))])
            try await withSpool { spool async throws in
                let server = DirectoryServer(host: "127.0.0.1", port: slapd.port)
                let updater = bench.updater(
                    [directorySource(slapd.entryName(name), at: server)],
                    fetcher: ConfiguredListFetcher(client: OutgoingHTTPClient(), spool: spool))
                #expect(try await updater.refreshed() == "activated")
                #expect(try await updater.refreshed() == "unchanged")
                try Data(try list("A", number: 11)).write(to: slapd.folder.appendingPathComponent("next.crl"))
                let dn = Data(slapd.entryName(name).utf8).base64EncodedString()
                try slapd.apply(
                    """
                    dn:: \(dn)
                    changetype: modify
                    replace: certificateRevocationList;binary
                    certificateRevocationList;binary:< file://\(slapd.folder.path)/next.crl

                    """, with: "ldapmodify")
                #expect(try await updater.refreshed() == "activated")
                #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(11)])
            }
            #expect(slapd.accepted <= 5, "one connection of the fetcher, and those of the tools")
        }
    }

    @Test("is refused by name when the directory has none for us")
    func refusals() async throws {
        try await SlapdServer.with { slapd in
            try slapd.addEntries([("large", try list("A", entries: 20_000))])
            try slapd.apply(
                """
                dn: cn=elsewhere,o=JPKI,c=JP
                objectClass: referral
                objectClass: extensibleObject
                cn: elsewhere
                ref: ldap://127.0.0.1:1/cn=elsewhere,o=JPKI,c=JP

                """)
            let server = DirectoryServer(host: "127.0.0.1", port: slapd.port)
            #expect(try await outcome(directorySource("cn=none,o=JPKI,c=JP", at: server)) == "no_such_entry")
            #expect(try await outcome(directorySource("o=JPKI,c=JP", at: server)) == "no_list_in_entry")
            #expect(try await outcome(directorySource("no name", at: server)) == "bad_location")
            #expect(try await outcome(directorySource("cn=elsewhere,o=JPKI,c=JP", at: server)) == "redirected")
            let large = slapd.entryName("large")
            // The library's limit, before there is memory for it, and ours, for what is little too large.
            #expect(try await outcome(directorySource(large, at: server, maximumSize: 2_000)) == "too_large")
            #expect(try await outcome(directorySource(large, at: server, maximumSize: 600_000)) == "too_large")
            #expect(try await outcome(directorySource(large, at: server)) == "activated")
        }
    }

    @Test("is not taken from a directory that misbehaves", arguments: DirectoryFault.all)
    func misbehaviour(_ fault: DirectoryFault) async throws {
        let scripted = try ScriptedServer(fault.script)
        defer { scripted.stop() }
        let server = DirectoryServer(host: "127.0.0.1", port: scripted.port)
        #expect(try await outcome(directorySource("c=JP", at: server, deadline: 1)) == fault.code)
    }

    @Test("is not waited for where nobody listens, nor when nobody wants it any more")
    func unreachable() async throws {
        let scripted = try ScriptedServer { $0.pause(30) }
        let silent = directorySource("c=JP", at: DirectoryServer(host: "127.0.0.1", port: scripted.port), deadline: 30)
        try await withSpool { spool async throws in
            let fetcher = ConfiguredListFetcher(client: OutgoingHTTPClient(), spool: spool)
            let task = Task { await fetcher.fetch(silent, ifChangedSince: nil) }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            let fetch = await task.value
            guard case .failure(.cancelled) = fetch else { throw Unexpected(fetch) }
        }
        scripted.stop()
        #expect(try await outcome(silent) == "connection_failed")
    }

    @Test("comes over TLS alone from a server whose certificate stands, and over a bind whose password is right")
    func protection() async throws {
        let files = FileManager.default.temporaryDirectory.path + "/akashi-tls-\(UUID())"
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: files) }
        let tls = try DirectoryCertificate.make(in: files)
        try SlapdServer.password.write(toFile: files + "/right", atomically: true, encoding: .utf8)
        try "wrong\n".write(toFile: files + "/wrong", atomically: true, encoding: .utf8)
        try await SlapdServer.with(certificate: (tls.chain, tls.key)) { slapd in
            try slapd.addEntries([("a", try list("A"))])
            let name = slapd.entryName("a")
            func outcome(
                _ protection: DirectoryServer.Protection,
                port: Int,
                password: String? = nil
            ) async throws -> String {
                let credentials = password.map {
                    DirectoryServer.Credentials(name: SlapdServer.administrator, passwordFile: files + "/" + $0)
                }
                let server = DirectoryServer(
                    host: "127.0.0.1", port: port, protection: protection, credentials: credentials)
                return try await self.outcome(directorySource(name, at: server))
            }
            #expect(try await outcome(.startTLS(authorities: tls.authority), port: slapd.port) == "activated")
            #expect(try await outcome(.tls(authorities: tls.authority), port: slapd.tlsPort) == "activated")
            #expect(try await outcome(.startTLS(authorities: tls.stranger), port: slapd.port) == "tls_failed")
            #expect(try await outcome(.tls(authorities: tls.stranger), port: slapd.tlsPort) == "tls_failed")
            #expect(try await outcome(.startTLS(authorities: files + "/none"), port: slapd.port) == "tls_failed")
            let trusted = DirectoryServer.Protection.startTLS(authorities: tls.authority)
            #expect(try await outcome(trusted, port: slapd.port, password: "right") == "activated")
            #expect(try await outcome(trusted, port: slapd.port, password: "wrong") == "access_refused")
            #expect(try await outcome(trusted, port: slapd.port, password: "none") == "access_refused")
        }
    }

    @Test("of two hundred municipalities comes over two connections")
    func municipalities() async throws {
        let cities = (0..<200).map { "city-\($0)" }
        var lists: [(name: String, der: [UInt8])] = []
        for city in cities { lists.append((city, try list(city))) }
        try await SlapdServer.with { slapd in
            try slapd.addEntries(lists)
            let server = DirectoryServer(host: "127.0.0.1", port: slapd.port)
            let sources = cities.map { city in
                source(
                    city, of: authority, at: .ldap(DirectoryEntry(server: server, name: slapd.entryName(city))),
                    scope: .distributionPoint(cityPoint(city)), maximumSize: 100_000)
            }
            let before = slapd.accepted
            try await withSpool { spool async throws in
                let updater = bench.updater(
                    sources, fetcher: ConfiguredListFetcher(client: OutgoingHTTPClient(), spool: spool))
                let outcomes = await updater.refreshAll(by: .schedule)
                #expect(outcomes.count == 200)
                #expect(Set(outcomes.flatMap { $0.outcomes.map(\.code) }) == ["activated"])
                #expect(updater.holder.current.missingSources.isEmpty)
            }
            #expect(slapd.accepted - before <= 2)
        }
    }
}

/// A server's certificate for `localhost` and its authority, and an authority that did not issue it; by openssl.
enum DirectoryCertificate {
    struct Files {
        /// PEM texts.
        let chain: String
        let key: String
        /// Paths.
        let authority: String
        let stranger: String
    }

    static func make(in folder: String) throws -> Files {
        let script = """
            set -e; cd '\(folder)'
            for n in authority stranger; do
              openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $n.key -out $n.pem \
                -days 2 -subj /CN=$n 2>/dev/null
            done
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr \
              -subj /CN=localhost 2>/dev/null
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' > san
            openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -days 2 -extfile san \
              -out server.pem 2>/dev/null
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl failed")
        return Files(
            chain: try String(contentsOfFile: folder + "/server.pem", encoding: .utf8),
            key: try String(contentsOfFile: folder + "/server.key", encoding: .utf8),
            authority: folder + "/authority.pem", stranger: folder + "/stranger.pem")
    }
}
