internal import Foundation
internal import MappedFiles
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating

extension ScopeFolder {
    /// A manifest made again from the lists that are there, when the file itself is damaged.
    ///
    /// Lists come into the folder after their signature was checked, under the name of their digest; which of them was
    /// in force last is told by their order. Times of fetching are lost: thisUpdate stands in their place. Indices are
    /// removed, so that the list in force is verified from its first octet to its signature before it is used.
    func recovered() throws(ListStoreError) -> ScopeManifest? {
        do throws(FileFailure) {
            var entries: [StoredListEntry] = []
            for name in try DurableFile.names(in: path) {
                if name.hasSuffix(ListFileName.image) { try DurableFile.remove(path + "/" + name, .image) }
                if let digest = ListFileName.digest(of: name), let entry = entry(digest) { entries.append(entry) }
            }
            entries.sort { $0.mark.thisUpdate < $1.mark.thisUpdate }
            var manifest: ScopeManifest?
            for entry in entries {
                manifest =
                    manifest?.replacing(with: entry)
                    ?? ScopeManifest(environment: environment, scopeID: scopeID, mark: entry.mark, held: entry)
            }
            return manifest
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    /// What a list's own octets say of it; nil when it is damaged.
    private func entry(_ digest: [UInt8]) -> StoredListEntry? {
        guard let octets = try? MappedFile.open(listPath(digest)), ListDigest.of(octets) == digest,
            let list = try? ListPass.over(octets).list
        else { return nil }
        return StoredListEntry(
            scopeID: scopeID, sourceID: "", environment: environment,
            mark: HighWaterMark(crlNumber: list.crlNumber, thisUpdate: list.thisUpdate, digest: digest),
            nextUpdate: list.nextUpdate, fetchedAt: list.thisUpdate, size: octets.count)
    }
}
