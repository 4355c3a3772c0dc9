internal import Organizations
internal import PKIX
internal import RevocationUpdating

/// What the folder of one scope holds: which list is in force, how far the scope has come, and the lists before.
///
/// It is the only file of a scope that changes, and it is replaced whole: what it says is the truth, and a file that
/// it does not name is a left-over.
struct ScopeManifest: Hashable {
    let environment: DeploymentEnvironment
    let scopeID: String
    /// Rises with each change.
    var generation: UInt64 = 0
    /// The highest that the scope has seen.
    var mark: HighWaterMark
    /// The list in force; nil when it is lost and only the mark is left.
    var held: StoredListEntry?
    /// Lists that were in force before, the earliest first.
    var archived: [ArchivedListEntry] = []

    /// This manifest with `entry` in force and the former list archived.
    func replacing(with entry: StoredListEntry) -> ScopeManifest {
        var next = self
        next.generation += 1
        next.mark = entry.mark
        next.held = entry
        next.archived.removeAll { $0.entry.mark.digest == entry.mark.digest }
        if let held, held.mark.digest != entry.mark.digest {
            next.archived.append(ArchivedListEntry(entry: held, supersededAt: entry.fetchedAt))
        }
        return next
    }
}
