internal import Foundation
internal import MappedFiles
package import PKIX
package import RevocationUpdating

/// Lists that wait for operators, in the list folder: `pending/<SHA-256>.crl` beside `pending/<SHA-256>.json`, the
/// record sealed with its SHA-256. The record is written last and removed first: a list without one is a left-over.
package struct PendingListFiles: PendingListStore {
    /// Octets of the largest record.
    private static let largestRecord = 16_384

    private let path: String
    private let work: any HeavyWork

    init(path: String, work: any HeavyWork) { (self.path, self.work) = (path, work) }

    package func pendingLists() async throws(ListStoreError) -> [PendingList] {
        let path = path
        return try await work.attempt { () throws(ListStoreError) in
            do throws(FileFailure) {
                var lists: [PendingList] = []
                for name in try DurableFile.names(in: path) where name.hasSuffix(".json") {
                    let octets = try DurableFile.read(path + "/" + name, .manifest, limit: Self.largestRecord)
                    guard let octets, let body = ManifestText.opened(octets),
                        let record = try? JSONDecoder().decode(PendingRecord.self, from: Data(body)),
                        let list = record.list, name == Self.name(list) + ".json"
                    else { continue }
                    lists.append(list)
                }
                return lists
            } catch {
                throw .unavailable(reason: "\(error)")
            }
        }
    }

    package func keep(_ list: PendingList, octets: StoredOctets) async throws(ListStoreError) {
        let path = path
        try await change { () throws(FileFailure) in
            try DurableFile.makeFolder(path)
            try Self.sweep(path)
            try DurableFile.create(path + "/" + Self.name(list) + ".crl", .list) { writer throws(FileFailure) in
                try writer.append(octets)
            }
            try Self.write(list, in: path)
        }
    }

    package func update(_ list: PendingList) async throws(ListStoreError) {
        let path = path
        try await change { () throws(FileFailure) in try Self.write(list, in: path) }
    }

    package func octets(of list: PendingList) async throws(ListStoreError) -> StoredOctets {
        let file = path + "/" + Self.name(list) + ".crl"
        return try await work.attempt { () throws(ListStoreError) in
            guard let octets = try? MappedFile.open(file) else { throw .damaged }
            return octets
        }
    }

    package func remove(_ list: PendingList) async throws(ListStoreError) {
        let path = path
        try await change { () throws(FileFailure) in
            for suffix in [".json", ".crl"] {
                try DurableFile.remove(path + "/" + Self.name(list) + suffix, .list)
                try DurableFile.synchronizeFolder(path)
            }
        }
    }

    private func change(_ body: @escaping @Sendable () throws(FileFailure) -> Void) async throws(ListStoreError) {
        try await work.attempt { () throws(ListStoreError) in
            do throws(FileFailure) { try body() } catch { throw .unavailable(reason: "\(error)") }
        }
    }

    /// Removes what a crash has left: files that were not whole, and lists without a record.
    private static func sweep(_ path: String) throws(FileFailure) {
        let names = Set(try DurableFile.names(in: path))
        for name in names {
            let isLeft = name.hasSuffix(".crl") && !names.contains(name.dropLast(4) + ".json")
            guard isLeft || name.hasSuffix(DurableFile.partialSuffix) else { continue }
            try DurableFile.remove(path + "/" + name, .list)
        }
    }

    private static func name(_ list: PendingList) -> String { list.mark.digest.hexString.lowercased() }

    private static func write(_ list: PendingList, in path: String) throws(FileFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Strings and integers, which always encode.
        let body = (try? encoder.encode(PendingRecord(list))).map { [UInt8]($0) } ?? []
        try DurableFile.create(path + "/" + name(list) + ".json", .manifest) { writer throws(FileFailure) in
            try writer.append(ManifestText.sealed(body + [0x0A]))
        }
        try DurableFile.synchronizeFolder(path)
    }
}

extension ListFileStore {
    /// The lists that wait for operators, kept in this folder.
    package var pendingLists: PendingListFiles { PendingListFiles(path: folder.pending, work: work) }
}
