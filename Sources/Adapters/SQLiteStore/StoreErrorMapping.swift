internal import GRDB
internal import Verification

extension StoreError {
    /// What a failure inside SQLite means to the caller. Only result codes and SQLite's own words are kept: they
    /// name tables and columns, never values.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DamagedRow: self = .unavailable(reason: "a row of \(error.table) is damaged")
        case let error as DatabaseError:
            self = .unavailable(reason: "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
        case is CancellationError: self = .unavailable(reason: "cancelled")
        default: self = .unavailable(reason: "\(type(of: error))")
        }
    }
}

extension DatabaseError {
    /// Whether the failure concerns the file and not the statement, so that nothing of the transaction stands.
    var concernsFile: Bool {
        switch resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_CORRUPT, .SQLITE_INTERRUPT, .SQLITE_NOTADB: true
        default: false
        }
    }
}
