internal import Foundation
internal import PKIX
internal import RevocationUpdating

extension ScopeFolder {
    /// Removes what a crash or a failed deletion has left: files under way, and lists and indices that the manifest does
    /// not name. Without a whole manifest nothing but files under way is removed.
    func sweep() throws(FileFailure) {
        let digests = keptDigests()
        for name in try DurableFile.names(in: path) where isLeftOver(name, digests) {
            try DurableFile.remove(path + "/" + name, .list)
        }
    }

    private struct Digests {
        let held: [UInt8]?
        let archived: Set<[UInt8]>
    }

    /// nil when the manifest is not whole.
    private func keptDigests() -> Digests? {
        let digests = try? change { read throws(ListStoreError) -> Digests? in
            guard let manifest = read.value, read.condition == .whole else { return nil }
            return Digests(
                held: manifest.held?.mark.digest, archived: Set(manifest.archived.map(\.entry.mark.digest)))
        }
        return digests ?? nil
    }

    private func isLeftOver(_ name: String, _ digests: Digests?) -> Bool {
        if name.hasSuffix(DurableFile.partialSuffix) { return true }
        guard let digests else { return false }
        if name.hasSuffix(ListFileName.image) { return digests.held.map { $0.hexString + ListFileName.image } != name }
        guard let digest = ListFileName.digest(of: name) else { return false }
        return digest != digests.held && !digests.archived.contains(digest)
    }
}
