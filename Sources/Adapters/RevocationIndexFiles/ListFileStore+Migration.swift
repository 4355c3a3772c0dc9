package import PKIX
internal import RevocationLists
package import RevocationUpdating

extension ListFileStore {
    /// Writes a list that an earlier program kept elsewhere into the folder, unless the scope has one as new. Nothing is
    /// verified: that is done when it is opened, as for every kept list.
    package func takeOver(
        _ der: [UInt8],
        of mark: ScopeMark,
        fetchedAt: ValidationTime
    ) async throws(ListStoreError) {
        let entry = StoredListEntry(
            scopeID: mark.scopeID, sourceID: mark.sourceID, environment: mark.environment, mark: mark.mark,
            nextUpdate: (try? CertificateList(der: der))?.nextUpdate, fetchedAt: fetchedAt, size: der.count)
        let scope = try knownScope(entry)
        try await work.attempt { () throws(ListStoreError) in try scope.takeOver(der, as: entry) }
    }
}
