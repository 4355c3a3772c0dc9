internal import Foundation
package import Organizations
package import PKIX
package import RevocationLists
package import RevocationUpdating
package import SignatureAlgorithms
internal import Synchronization

/// Lists as files: the DER as received, an index image beside it that readers map, and a manifest a scope.
///
/// A reader never takes a lock and never waits: it has mapped files that nobody changes. One process writes.
package final class ListFileStore: RevocationListStore {
    let folder: ListFolder
    private let environment: DeploymentEnvironment
    private let lock: FolderLock
    let work: any HeavyWork
    private let scopesByID = Mutex<[String: ScopeFolder]>([:])

    /// Opens the folder at `path`, and makes it when there is none; what a crash has left is removed.
    ///
    /// - Parameter work: where files are written and indices are checked.
    /// - Throws: ``ListFolderError/inUse(path:process:)`` when another process has it.
    package init(
        path: String,
        environment: DeploymentEnvironment,
        work: any HeavyWork
    ) throws(ListFolderError) {
        folder = ListFolder(path: path)
        self.environment = environment
        self.work = work
        try folder.prepare()
        lock = try FolderLock(folder.lock, folder: path)
        try folder.identify(environment)
        try folderErrors { () throws(FileFailure) in
            for id in try DurableFile.names(in: folder.scopes) where ListFolder.isScopeID(id) {
                let scope = ScopeFolder(id, in: folder, environment)
                try scope.sweep()
                scopesByID.withLock { $0[id] = scope }
            }
        }
    }

    /// Where downloads are written before they are published from there: on the same file system, so that taking one
    /// over is a change of name.
    package var incoming: String { folder.incoming }

    package func scopes() async throws(ListStoreError) -> [StoredScope] {
        let known = scopesByID.withLock { $0.values.sorted { $0.scopeID < $1.scopeID } }
        return await work.run { known.compactMap(\.stored) }
    }

    package func publish(
        _ list: AdmittedList,
        as entry: StoredListEntry,
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError) -> VerifiedList {
        let scope = try knownScope(entry)
        return try await work.attempt { () throws(ListStoreError) in
            try scope.publish(list, as: entry, replacing: expected)
        }
    }

    package func open(
        _ entry: StoredListEntry,
        signedBy key: PublicKey
    ) async throws(ListStoreError) -> OpenedList {
        let scope = scope(entry.scopeID)
        return try await work.attempt { () throws(ListStoreError) in try scope.open(entry, key) }
    }

    package func archived(ofScope scopeID: String) async throws(ListStoreError) -> [ArchivedListEntry] {
        let scope = scope(scopeID)
        return try await work.attempt { () throws(ListStoreError) in try scope.archived() }
    }

    package func purge(supersededBefore time: ValidationTime) async throws(ListStoreError) -> Int {
        let known = scopesByID.withLock { Array($0.values) }
        return try await work.attempt { () throws(ListStoreError) in
            var count = 0
            for scope in known { count += try scope.purge(supersededBefore: time) }
            return count
        }
    }

    func knownScope(_ entry: StoredListEntry) throws(ListStoreError) -> ScopeFolder {
        guard ListFolder.isScopeID(entry.scopeID), entry.environment == environment else {
            throw .unavailable(reason: "a list of another environment")
        }
        return scope(entry.scopeID)
    }

    private func scope(_ id: String) -> ScopeFolder {
        scopesByID.withLock { scopes in
            if let known = scopes[id] { return known }
            let new = ScopeFolder(id, in: folder, environment)
            scopes[id] = new
            return new
        }
    }
}
