/// Why a tree, a proof or a checkpoint was not accepted.
package enum AuditTrailError: Error, Hashable, Sendable {
    /// 2^62 leaves are there already.
    case treeFull
    /// A stored tree state contradicts itself.
    case malformedState
    /// The leaf's index is not below the tree's size, or the older tree is the larger one.
    case indexOutOfRange
    /// The proof has too few or too many hashes for these sizes.
    case proofLength
    /// The proof does not lead to the given root.
    case rootMismatch
    /// The text is no checkpoint, or no note around one.
    case malformedCheckpoint
    /// The text is no verifier key.
    case malformedKey
    /// No signature of the wanted key stands under the note.
    case signatureMissing
    /// A signature of the wanted key is wrong.
    case signatureInvalid
    /// The checkpoint belongs to another log.
    case otherOrigin
}
