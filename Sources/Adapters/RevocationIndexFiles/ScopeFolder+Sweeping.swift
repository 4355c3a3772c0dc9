internal import Foundation
internal import PKIX
internal import RevocationUpdating

extension ScopeFolder {
    /// Removes what a crash or a failed deletion has left: files under way, and lists and indices that the manifest does
    /// not name. Without a whole manifest nothing but files under way is removed.
    func sweep() throws(FileFailure) {
        let read = try? current()
        for name in try DurableFile.names(in: path) where isLeftOver(name, read) {
            try DurableFile.remove(path + "/" + name, .list)
        }
    }

    private func isLeftOver(_ name: String, _ read: ReadManifest?) -> Bool {
        if name.hasSuffix(DurableFile.partialSuffix) { return true }
        guard let manifest = read?.value, read?.condition == .whole else { return false }
        let held = manifest.held?.mark.digest
        if name.hasSuffix(ListFileName.image) { return held.map { $0.hexString + ListFileName.image } != name }
        guard let digest = ListFileName.digest(of: name) else { return false }
        return digest != held && !manifest.archived.contains { $0.entry.mark.digest == digest }
    }
}
