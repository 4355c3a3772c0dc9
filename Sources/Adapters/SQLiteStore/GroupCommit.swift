internal import GRDB
internal import Organizations
internal import Synchronization
internal import Verification

/// Gathers what concurrent callers want to write into one transaction, so that they share one fsync.
///
/// While one batch is being written the next one gathers; nobody waits for a
/// timer. Each change runs in a savepoint of its own: it happens whole or not
/// at all, and its failure is its caller's alone. A caller returns after the
/// COMMIT of its batch has returned.
final class GroupCommit: Sendable {
    typealias Change = @Sendable (Database, inout AuditAppender) throws -> Void

    static let largestBatch = 256
    /// Above this many waiting changes a new one is refused.
    static let longestQueue = 100_000

    private struct Pending {
        let change: Change
        let caller: CheckedContinuation<Result<Void, StoreError>, Never>
    }

    private struct State {
        var pending: [Pending] = []
        var isWriting = false
        /// Set for good when the disk failed in a commit: what it then says of later ones cannot be relied on.
        var failure: StoreError?
    }

    private let pool: DatabasePool
    private let environment: DeploymentEnvironment
    private let state = Mutex(State())

    init(_ pool: DatabasePool, environment: DeploymentEnvironment) {
        (self.pool, self.environment) = (pool, environment)
    }

    /// Runs `change` in a transaction with others; durable on return. A caller that is cancelled still waits, so
    /// that it knows what happened.
    func submit(_ change: @escaping Change) async throws(StoreError) {
        let outcome = await withCheckedContinuation { caller in
            enqueue(Pending(change: change, caller: caller))
        }
        try outcome.get()
    }

    /// The same with a value as result.
    func submit<Value: Sendable>(
        _ change: @escaping @Sendable (Database, inout AuditAppender) throws -> Value
    ) async throws(StoreError) -> Value {
        let value = Box<Value>()
        try await submit { db, audit in value.set(try change(db, &audit)) }
        guard let value = value.get() else { throw .unavailable(reason: "no result") }
        return value
    }

    private func enqueue(_ new: Pending) {
        let refusal: StoreError? = state.withLock { state in
            if let failure = state.failure { return failure }
            guard state.pending.count < GroupCommit.longestQueue else { return .unavailable(reason: "overloaded") }
            state.pending.append(new)
            guard !state.isWriting else { return nil }
            state.isWriting = true
            writeNext()
            return nil
        }
        if let refusal { new.caller.resume(returning: .failure(refusal)) }
    }

    /// One batch a turn of the writer's queue, so that checkpoints and purges get their turns too.
    private func writeNext() {
        pool.asyncWriteWithoutTransaction { [self] db in
            let batch = state.withLock { state in
                let batch = Array(state.pending.prefix(GroupCommit.largestBatch))
                state.pending.removeFirst(batch.count)
                return batch
            }
            let outcomes = commit(batch, to: db)
            for (pending, outcome) in zip(batch, outcomes) { pending.caller.resume(returning: outcome) }
            state.withLock { state in
                if state.pending.isEmpty { state.isWriting = false } else { writeNext() }
            }
        }
    }

    private func commit(_ batch: [Pending], to db: Database) -> [Result<Void, StoreError>] {
        if let failure = state.withLock({ $0.failure }) { return batch.map { _ in .failure(failure) } }
        do {
            var outcomes: [Result<Void, StoreError>] = []
            try db.inTransaction(.immediate) {
                var audit = try AuditAppender(db, environment: environment)
                for pending in batch { outcomes.append(try apply(pending.change, to: db, &audit)) }
                try audit.store(db)
                return .commit
            }
            return outcomes
        } catch {
            let failure = StoreError(error)
            if let error = error as? DatabaseError, error.resultCode == .SQLITE_IOERR {
                state.withLock { $0.failure = failure }
            }
            return batch.map { _ in .failure(failure) }
        }
    }

    /// One change in its savepoint. Throws only what ends the whole transaction.
    private func apply(
        _ change: Change,
        to db: Database,
        _ audit: inout AuditAppender
    ) throws -> Result<Void, StoreError> {
        let before = audit
        do {
            try db.inSavepoint {
                try change(db, &audit)
                return .commit
            }
            return .success(())
        } catch {
            if let error = error as? DatabaseError, error.concernsFile { throw error }
            guard db.isInsideTransaction else { throw error }
            audit = before
            return .failure(StoreError(error))
        }
    }
}

/// Carries a value out of the writer's queue.
private final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    func set(_ new: Value) { value.withLock { $0 = new } }
    func get() -> Value? { value.withLock { $0 } }
}
