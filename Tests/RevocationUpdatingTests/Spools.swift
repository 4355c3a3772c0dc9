import CRLSources
import Foundation
import OutgoingHTTP
import Testing

/// A spool in a folder of its own, which must be empty at the end: parts that can be gone on with apart.
func withSpool<Result>(_ body: (ListSpool) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/akashi-spool-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try await body(ListSpool(folder: folder))
    let left = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    #expect(left.filter { !$0.contains(".part") } == [], "lists stay in the spool")
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
