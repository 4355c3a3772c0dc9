internal import Foundation
internal import MappedFiles
internal import Organizations
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms
internal import Synchronization

/// The folder of one scope. One change at a time; readers of lists are not kept waiting, for what they read is mapped.
final class ScopeFolder: Sendable {
    let scopeID: String
    let environment: DeploymentEnvironment
    let path: String
    /// nil until read, and again whenever the disk may hold something else than was meant to be written.
    private let summary = Mutex<Summary?>(nil)
    /// Held while the folder is changed, which may take as long as an index takes to be written.
    private let writing = Mutex(())

    /// What is remembered of a manifest: not the archive, which grows for years.
    struct Summary: Hashable {
        /// nil when the scope has nothing yet.
        var mark: HighWaterMark?
        var held: StoredListEntry?
        /// When the first list of the archive was superseded.
        var oldestSuperseded: ValidationTime?
        var condition: StoredScope.Condition

        init(_ read: ReadManifest) {
            (mark, held, condition) = (read.value?.mark, read.value?.held, read.condition)
            oldestSuperseded = read.value?.archived.map(\.supersededAt).min()
        }
    }

    /// The manifest as it is on the disk.
    struct ReadManifest {
        /// nil when the scope has none yet.
        var value: ScopeManifest?
        var condition = StoredScope.Condition.whole
    }

    init(_ scopeID: String, in folder: ListFolder, _ environment: DeploymentEnvironment) {
        (self.scopeID, self.environment, path) = (scopeID, environment, folder.scope(scopeID))
    }

    var manifestPath: String { path + "/manifest" }
    func listPath(_ digest: [UInt8]) -> String { path + "/" + digest.hexString + ListFileName.list }
    func imagePath(_ digest: [UInt8]) -> String { path + "/" + digest.hexString + ListFileName.image }

    // MARK: Reading

    func current() throws(ListStoreError) -> Summary {
        if let known = summary.withLock({ $0 }) { return known }
        return try change { read throws(ListStoreError) in Summary(read) }
    }

    func archived() throws(ListStoreError) -> [ArchivedListEntry] {
        guard try current().oldestSuperseded != nil else { return [] }
        // A manifest is replaced whole: who only reads it does not wait for a swap under way.
        if let octets = try? DurableFile.read(manifestPath, .manifest, limit: ManifestText.largestSize),
            let manifest = try? ManifestText.decode(octets)
        {
            return manifest.archived
        }
        return try change { read throws(ListStoreError) in read.value?.archived ?? [] }
    }

    /// Runs `body` with what the disk holds, alone.
    func change<Value>(
        _ body: (inout ReadManifest) throws(ListStoreError) -> Value
    ) throws(ListStoreError) -> Value {
        let outcome: Result<Value, ListStoreError> = writing.withLock { _ in
            do throws(ListStoreError) {
                var read = try load()
                // What was made again stays known as such for this run.
                if summary.withLock({ $0?.condition }) == .rebuilt { read.condition = .rebuilt }
                let value = try body(&read)
                summary.withLock { $0 = Summary(read) }
                return .success(value)
            } catch {
                // After a failure the disk says what is there.
                summary.withLock { $0 = nil }
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func load() throws(ListStoreError) -> ReadManifest {
        let octets: [UInt8]?
        do throws(FileFailure) {
            octets = try DurableFile.read(manifestPath, .manifest, limit: ManifestText.largestSize)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
        guard let octets else { return ReadManifest(value: nil) }
        do throws(ManifestText.Fault) {
            let manifest = try ManifestText.decode(octets)
            guard manifest.scopeID == scopeID, manifest.environment == environment else {
                throw ManifestText.Fault.damaged
            }
            return ReadManifest(value: manifest)
        } catch .newerFormat(let version) {
            throw .unavailable(reason: "a manifest has format \(version): use a newer program")
        } catch {
            let manifest = try recovered()
            if let manifest { try replace(damaged: octets, with: manifest) }
            return ReadManifest(value: manifest, condition: .rebuilt)
        }
    }
}

extension ScopeFolder {
    /// What the store says of the scope; nil when nothing of it is kept.
    var stored: StoredScope? {
        do throws(ListStoreError) {
            let summary = try current()
            if summary.mark == nil, summary.condition == .whole { return nil }
            return StoredScope(
                scopeID: scopeID, mark: summary.mark, held: summary.held, condition: summary.condition)
        } catch {
            // Its lists are out of reach, and nothing can be published here; other scopes are not concerned.
            return StoredScope(scopeID: scopeID, mark: nil, held: nil, condition: .unreadable(reason: "\(error)"))
        }
    }
}
