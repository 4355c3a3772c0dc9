internal import Organizations
internal import PKIX
internal import RevocationUpdating

/// Reads a list folder beside the process that has it: manifests are replaced whole and lists never change.
package struct ListFolderReader: Sendable {
    /// A published list and its index.
    package struct Published: Hashable, Sendable {
        package let scopeID: String
        package let sourceID: String
        /// Decimal; nil for a list without a number.
        package let crlNumber: String?
        /// Paths of the files.
        package let list: String
        package let index: String
    }

    private let folder: ListFolder

    package init(path: String) { folder = ListFolder(path: path) }

    /// Every list in force.
    ///
    /// - Throws: ``FileFailure``; a damaged manifest is one of reading.
    package func published() throws(FileFailure) -> [Published] {
        var found: [Published] = []
        for id in try DurableFile.names(in: folder.scopes) where ListFolder.isScopeID(id) {
            let path = folder.scope(id)
            guard
                let octets = try DurableFile.read(path + "/manifest", .manifest, limit: ManifestText.largestSize)
            else { continue }
            guard let manifest = try? ManifestText.decode(octets) else { throw FileFailure(.read, .manifest, code: 0) }
            guard let held = manifest.held else { continue }
            let name = path + "/" + held.mark.digest.hexString
            found.append(
                Published(
                    scopeID: id, sourceID: held.sourceID, crlNumber: held.mark.crlNumber?.description,
                    list: name + ListFileName.list, index: name + ListFileName.image))
        }
        return found
    }
}
