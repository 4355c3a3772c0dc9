import CRLSources
import CertificateIssuing
import Foundation
import OutgoingHTTP
import PKIX
import RevocationUpdating
import Testing

@Suite("Lists from files")
struct FileSourceTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-lists-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    private func updater(_ location: CRLSource.Location, scope: CRLSource.ExpectedScope = .any) -> RevocationUpdater {
        let spool = ListSpool(folder: FileManager.default.temporaryDirectory.path + "/akashi-spool-\(UUID())")
        return bench.updater(
            [source(of: authority, at: location, scope: scope, maximumSize: 100_000)],
            fetcher: ConfiguredListFetcher(client: OutgoingHTTPClient(), spool: spool))
    }

    @Test("are unreadable when there is no file, a folder, or a device")
    func unreadable() async throws {
        try await withFolder { folder async throws in
            for path in [folder.path + "/none.crl", folder.path, "/dev/zero"] {
                #expect(try await updater(.file(path: path)).refreshed() == "unreadable")
            }
            #expect(try await updater(.directory(path: folder.path + "/none")).refreshed() == "unreadable")
            #expect(try await updater(.directory(path: folder.path)).refreshed() == "unreadable")
        }
    }

    @Test("are not read beyond the limit")
    func tooLarge() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("a.crl")
            try Data(count: 100_001).write(to: file)
            #expect(try await updater(.file(path: file.path)).refreshed() == "too_large")
        }
    }

    @Test("in a folder come into force each in its scope, and a bad one hides none")
    func folder() async throws {
        try await withFolder { folder in
            for city in ["01100", "13101", "27100"] {
                let der = try ListRecipe(authority).with { $0.point = cityPoint(city) }.der()
                let text = PEM.Block(label: "X509 CRL", bytes: der).text
                try (city == "13101" ? Data(text.utf8) : Data(der))
                    .write(to: folder.appendingPathComponent("\(city).\(city == "13101" ? "pem" : "crl")"))
            }
            try Data("garbage".utf8).write(to: folder.appendingPathComponent("02000.crl"))
            try Data("garbage".utf8).write(to: folder.appendingPathComponent("README.txt"))
            let updater = updater(.directory(path: folder.path))
            #expect(try await updater.refreshed() == "activated malformed activated activated")
            #expect(updater.holder.current.lists.count == 3)
            #expect(try await updater.refreshed() == "unchanged malformed unchanged unchanged")

            let older = try ListRecipe(authority).with {
                $0.point = cityPoint("01100")
                $0.number = CRLNumber(9)
                $0.thisUpdate = noon.advanced(bySeconds: -day)
            }.der()
            try Data(older).write(to: folder.appendingPathComponent("01100.crl"))
            #expect(try await updater.refreshed() == "older_than_held malformed unchanged unchanged")
        }
    }
}
