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
    private let manifest = Mutex<ReadManifest?>(nil)

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

    func current() throws(ListStoreError) -> ReadManifest {
        try change { read throws(ListStoreError) in read }
    }

    /// Runs `body` with what the folder holds, alone.
    func change<Value>(
        _ body: (inout ReadManifest) throws(ListStoreError) -> Value
    ) throws(ListStoreError) -> Value {
        let outcome: Result<Value, ListStoreError> = manifest.withLock { held in
            do throws(ListStoreError) {
                var read = if let held { held } else { try load() }
                // Forgotten until the change is through: after a failure the disk says what is there.
                held = nil
                let value = try body(&read)
                held = read
                return .success(value)
            } catch {
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
            return ReadManifest(value: try recovered(), condition: .rebuilt)
        }
    }
}

extension ScopeFolder {
    /// What the store says of the scope; nil when nothing of it is kept.
    var stored: StoredScope? {
        do throws(ListStoreError) {
            let read = try current()
            return read.value.map {
                StoredScope(scopeID: scopeID, mark: $0.mark, held: $0.held, condition: read.condition)
            }
        } catch {
            // Its lists are out of reach, and nothing can be published here; other scopes are not concerned.
            return StoredScope(scopeID: scopeID, mark: nil, held: nil, condition: .unreadable(reason: "\(error)"))
        }
    }
}
