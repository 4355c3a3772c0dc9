internal import RevocationLists
internal import Synchronization

/// The set in force, swapped whole. Readers take a snapshot and never wait for an update.
package final class RevocationListHolder: Sendable {
    /// One reference, so that taking a snapshot is a copy of one pointer.
    private final class Box: Sendable {
        let set: RevocationListSet

        init(_ set: RevocationListSet) { self.set = set }
    }

    private let box: Mutex<Box>

    package init(sources: [CRLSource]) { box = Mutex(Box(RevocationListSet(sources: sources))) }

    /// The set in force now. It does not change under its reader.
    package var current: RevocationListSet { box.withLock { $0 }.set }

    /// Puts `list` in force unless its scope has it or a newer one already.
    ///
    /// - Returns: whether the set changed.
    @discardableResult
    package func activate(_ list: ActiveList) -> Bool {
        box.withLock { box in
            if let held = box.set.list(ofScope: list.scope.id),
                ListOrder.compare(list.mark, with: held.mark) != .newer
            {
                return false
            }
            // Judged again under the lock: a newer base may have come since the delta list was admitted.
            if DeltaRule.refusal(of: list.verified.list, list.scope, in: box.set) != nil { return false }
            box = Box(box.set.activating(list))
            return true
        }
    }

    /// Notes that `sourceID` brings the list of this scope too.
    package func credit(_ sourceID: String, withScope scopeID: String) {
        box.withLock { $0 = Box($0.set.crediting(sourceID, withScope: scopeID)) }
    }
}
