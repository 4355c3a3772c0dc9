import Foundation
import ListProbeKit
import PKIX
import RevocationUpdating
import SQLiteStore
import Testing

/// A folder with a store and a list folder; gone when the fixture is.
final class ListFixture: Sendable {
    let folder: String
    let authority: ProbeAuthority

    init() throws {
        folder = NSTemporaryDirectory() + "akashi-lists-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authority = try ProbeAuthority()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var lists: String { folder + "/lists" }

    /// The folder of the one scope.
    func scopeFolder() throws -> String {
        let scopes = try FileManager.default.contentsOfDirectory(atPath: lists + "/scopes")
        return lists + "/scopes/" + (try #require(scopes.first))
    }

    /// The one file with this ending, or of this name.
    func file(_ ending: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: scopeFolder())
        return try scopeFolder() + "/" + (try #require(names.first { $0.hasSuffix(ending) }, "no \(ending)"))
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scopeFolder()).sorted()
    }

    /// A platform that has loaded what is kept. The former one must be gone: one process a folder.
    func started() async throws -> ProbePlatform {
        let platform = try ProbePlatform(folder, authority: authority)
        try await platform.updater.load()
        return platform
    }

    /// Publishes lists with a platform that is gone afterwards.
    func publish(_ numbers: ClosedRange<UInt64>) async throws {
        let platform = try await started()
        for number in numbers { #expect(try await platform.offer(number) == "activated") }
        try platform.store.close()
    }
}

func octets(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

func write(_ octets: [UInt8], to path: String) throws { try Data(octets).write(to: URL(filePath: path)) }
