/// Why a store file was not opened, backed up or restored. The words are for an operator; no stored value is in them.
package enum StoreOpeningError: Error, Hashable, Sendable {
    /// A program with a newer store format wrote it. Migrations go forward only.
    case newerFormat(found: Int, supported: Int)
    /// The store belongs to another environment: test data never mixes with production's.
    case otherEnvironment(found: String, wanted: String)
    /// Not a store of Akashi.
    case notAStore
    /// Others than the owner may read or write the file.
    case openToOthers(mode: UInt32)
    case fileExists
    case fileMissing
    /// The audit trail contradicts itself or its signed checkpoints.
    case auditTrailBroken(String)
    /// The backup's audit trail ends before a checkpoint that has been signed: it would roll the log back.
    case olderThanCheckpoint(treeSize: UInt64, checkpoint: UInt64)
    case unreadable(String)
}

extension StoreOpeningError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .newerFormat(let found, let supported):
            "the store has format \(found), this program knows formats up to \(supported): use a newer program"
        case .otherEnvironment(let found, let wanted):
            "the store was created for the environment \(found), the configuration says \(wanted)"
        case .notAStore: "the file is no store of Akashi"
        case .openToOthers(let mode):
            "the store has mode \(String(mode, radix: 8)), which lets others in: chmod 600"
        case .fileExists: "the file is there already; nothing is overwritten"
        case .fileMissing: "there is no such file"
        case .auditTrailBroken(let reason): "the audit trail is broken: \(reason)"
        case .olderThanCheckpoint(let size, let checkpoint):
            "the audit trail has \(size) records, but a checkpoint over \(checkpoint) has been signed: a newer copy exists"
        case .unreadable(let reason): "the store cannot be read: \(reason)"
        }
    }
}
