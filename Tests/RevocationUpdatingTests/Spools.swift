import CRLSources
import Foundation
import OutgoingHTTP
import Testing

/// A spool in a folder of its own, which must be empty at the end: parts that can be gone on with apart.
func withSpool<Result>(_ body: (ListSpool) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/akashi-spool-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try await body(ListSpool(folder: folder))
    func left() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.contains(".part") }
    }
    // Another thread may be about to let the last reference go.
    for _ in 0..<200 where !left().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(left() == [], "lists stay in the spool")
    return result
}

extension ConfiguredListFetcher {
    init(
        client: OutgoingHTTPClient,
        spool: ListSpool,
        pace: TransferPace = TransferPace(),
        resumption: HTTPListFetcher.Resumption = .init(),
        directories: LDAPListFetcher.Limits = .init()
    ) {
        self.init(
            http: HTTPListFetcher(client: client, spool: spool, pace: pace, resumption: resumption),
            directories: LDAPListFetcher(spool: spool, limits: directories), files: FileListFetcher(spool: spool))
    }
}
