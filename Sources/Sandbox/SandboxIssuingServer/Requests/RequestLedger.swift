internal import CounterApplications
internal import PKIX
internal import Synchronization
internal import WireFormat

/// Every certificate request by its id, and what became of it. Thread-safe; nothing in it is keyed by time, counter or
/// file name.
final class RequestLedger: Sendable {
    struct Limits: Sendable {
        /// Requests that are remembered, ended ones too.
        var entries = 200_000
        /// Requests at work.
        var atWork = 20_000
        /// Octets of documents that are kept for fetching.
        var documents = 536_870_912
    }

    struct Document: Sendable {
        let pdf: [UInt8]
        let description: IssuedDocumentBody
    }

    enum State: Sendable {
        case accepted
        case issued(Document)
        /// Issued, and its document is no longer kept.
        case withdrawn(IssuedDocumentBody)
        case refused(IssuerRefusal)
        case cancelled
    }

    struct Entry: Sendable {
        /// nil for an id that was cancelled before it was ever heard of.
        let request: IssueRequest?
        var state: State

        var isAtWork: Bool { if case .accepted = state { true } else { false } }
    }

    enum Acceptance: Sendable {
        case created
        case known(Entry)
        /// The same id with another body.
        case conflict
        /// Cancelled before it came: never issued.
        case cancelled
        case full
    }

    private struct Book {
        var entries: [String: Entry] = [:]
        var atWork = 0
        var octets = 0
        /// Documents in the order in which they were fetched: those go first.
        var fetched: [String] = []
        var waiters: [String: [AsyncStream<Void>.Continuation]] = [:]
    }

    private let limits: Limits
    private let book = Mutex(Book())

    init(limits: Limits = Limits()) { self.limits = limits }

    func accept(_ request: IssueRequest) -> Acceptance {
        book.withLock { book in
            if let entry = book.entries[request.requestID] {
                guard let known = entry.request else { return .cancelled }
                return known == request ? .known(entry) : .conflict
            }
            guard book.entries.count < limits.entries, book.atWork < limits.atWork, book.octets < limits.documents
            else { return .full }
            book.entries[request.requestID] = Entry(request: request, state: .accepted)
            book.atWork += 1
            return .created
        }
    }

    /// What has been issued and not cancelled since, in no order.
    var documents: [IssuedDocumentBody] {
        book.withLock { book in
            book.entries.values.compactMap { entry in
                switch entry.state {
                case .issued(let document): document.description
                case .withdrawn(let description): description
                case .accepted, .refused, .cancelled: nil
                }
            }
        }
    }

    func entry(_ id: String) -> Entry? { book.withLock { $0.entries[id] } }

    /// Ends a request that is at work. One that was cancelled meanwhile stays cancelled, unless `even` says otherwise.
    func finish(_ id: String, with state: State, even ifCancelled: Cancelled = .stays) {
        finish([(id, state)], even: ifCancelled)
    }

    /// Ends several at one moment: nobody sees one of them ended and another at work.
    func finish(_ ends: [(id: String, state: State)], even ifCancelled: Cancelled = .stays) {
        let waiters = book.withLock { book in
            ends.flatMap { RequestLedger.end($0.id, $0.state, ifCancelled, &book, limits) }
        }
        for waiter in waiters { waiter.finish() }
    }

    private static func end(
        _ id: String,
        _ state: State,
        _ ifCancelled: Cancelled,
        _ book: inout Book,
        _ limits: Limits
    ) -> [AsyncStream<Void>.Continuation] {
        guard var entry = book.entries[id] else { return [] }
        if entry.isAtWork {
            book.atWork -= 1
        } else {
            guard case .cancelled = entry.state, ifCancelled == .isOverridden else { return [] }
        }
        entry.state = state
        book.entries[id] = entry
        if case .issued(let document) = state { book.octets += document.pdf.count }
        makeRoom(&book, limits)
        return book.waiters.removeValue(forKey: id) ?? []
    }

    enum Cancelled {
        case stays
        /// The fault `answer_after_cancel`.
        case isOverridden
    }

    /// Cancels, also an id that was never heard of. What was refused stays refused.
    func cancel(_ id: String) -> Entry? {
        let (entry, waiters): (Entry?, [AsyncStream<Void>.Continuation]) = book.withLock { book in
            guard var entry = book.entries[id] else {
                guard book.entries.count < limits.entries else { return (nil, []) }
                let tombstone = Entry(request: nil, state: .cancelled)
                book.entries[id] = tombstone
                return (tombstone, [])
            }
            switch entry.state {
            case .refused, .cancelled: return (entry, [])
            case .accepted: book.atWork -= 1
            case .issued(let document): book.octets -= document.pdf.count
            case .withdrawn: break
            }
            entry.state = .cancelled
            book.entries[id] = entry
            return (entry, book.waiters.removeValue(forKey: id) ?? [])
        }
        for waiter in waiters { waiter.finish() }
        return entry
    }

    /// Marks a document as fetched: it is the first to go when room is needed.
    func noteFetched(_ id: String) { book.withLock { $0.fetched.append(id) } }

    /// The entry once it is no longer at work, or as it is after `limit`.
    func settled(_ id: String, within limit: Duration) async -> Entry? {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isWaiting = book.withLock { book in
            guard book.entries[id]?.isAtWork == true else { return false }
            book.waiters[id, default: []].append(continuation)
            return true
        }
        guard isWaiting, limit > .zero else { return entry(id) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return entry(id)
    }

    private static func makeRoom(_ book: inout Book, _ limits: Limits) {
        while book.octets > limits.documents / 2, !book.fetched.isEmpty {
            let id = book.fetched.removeFirst()
            guard let entry = book.entries[id], case .issued(let document) = entry.state else { continue }
            book.octets -= document.pdf.count
            book.entries[id]?.state = .withdrawn(document.description)
        }
    }
}
