internal import OutgoingHTTP
internal import RevocationUpdating

/// One list on its way into the spool, over as many exchanges as it takes.
///
/// Calls come one after the other; an actor, since they come from different tasks.
actor ListDownload: ResponseReceiver {
    /// How one exchange ended, as far as the list is concerned.
    enum Step {
        case whole(CacheValidators?)
        case unchanged
        /// The part does not belong to what the server has now, or the server does not keep to what it says.
        case startOver
        case failed(CRLFetchFailure)
        /// Nothing came at all: a connection that was kept may have died unseen.
        case unanswered
        /// Cut off; what came is in the spool and the rest can be asked for.
        case cut(CRLFetchFailure)
    }

    private let url: String
    private let maximumSize: Int
    private let held: CacheValidators?
    private let source: CRLSource
    private let spool: ListSpool
    private let notePath: String
    /// Nil as long as nothing has come.
    private var part: SpoolWriter?
    /// Of the octets that are in the part.
    private var note: DownloadNote?
    /// Octets in the part that count.
    private var size = 0
    /// Where the list ends, as far as the server has said.
    private var total: Int?
    /// Asked for by the request under way; 0 asks for the whole.
    private var offset = 0
    private var responseValidators: CacheValidators?
    /// Set when the response is not received to its end.
    private var verdict: Step?
    private var cameSinceRequest = 0
    private var headCame = false

    init(of source: CRLSource, at url: String, held: CacheValidators?, in spool: ListSpool) throws(CRLFetchFailure) {
        (self.url, maximumSize, self.held, self.source, self.spool) = (url, source.maximumSize, held, source, spool)
        let path = spool.partPath(of: source)
        notePath = path + "-note"
        guard let known = DownloadNote(path: notePath), known.url == url else { return }
        let part = try spool.openPart(path)
        // Somebody else is at it, or octets beyond the end, which are not those of the note.
        guard part.path == path, part.size > 0, part.size < known.total ?? .max, part.size <= maximumSize else {
            return
        }
        (self.part, size, note, total) = (part, part.size, known, known.total)
    }

    // MARK: The request

    func request() -> OutgoingRequest {
        var request = OutgoingRequest(url: url, headers: [("accept", "*/*"), ("accept-encoding", "identity")])
        // RFC 9110 §13.1.2, §13.1.3
        if let tag = held?.entityTag { request.headers.append(("if-none-match", tag)) }
        if let date = held?.lastModified { request.headers.append(("if-modified-since", date)) }
        (offset, verdict, cameSinceRequest, headCame, responseValidators) = (0, nil, 0, false, nil)
        if let note, size > 0 {
            // RFC 9110 §14.2, §13.1.5
            offset = size
            request.headers += [("range", "bytes=\(size)-"), ("if-range", note.validator.text)]
        }
        return request
    }

    /// Forgets the part: the next request asks for the whole list.
    func startOver() {
        // The note beside somebody else's part is not ours to remove.
        if note != nil { ListDownload.remove(notePath) }
        (note, size, total) = (nil, 0, nil)
    }

    /// Leaves nothing behind that cannot be gone on with.
    func abandon() {
        if note == nil, let part { ListDownload.remove(part.path) }
        part = nil
    }

    // MARK: The response

    func begin(_ head: OutgoingHead) async -> ReceptionWish {
        headCame = true
        responseValidators = CacheValidators(
            entityTag: head.header("etag"), lastModified: head.header("last-modified"))
        switch head.status {
        case 200: return await beginWhole(head)
        case 206 where offset > 0: return continuePart(head)
        case 416 where offset > 0: return stop(.startOver)
        case 304 where held != nil: return stop(.unchanged)
        case 300...303, 305...308: return stop(.failed(.redirected))
        default: return stop(.failed(.httpStatus))
        }
    }

    private func beginWhole(_ head: OutgoingHead) async -> ReceptionWish {
        guard ListDownload.isPlain(head) else { return stop(.failed(.encoded)) }
        guard head.contentLength ?? 0 <= maximumSize else { return stop(.failed(.tooLarge)) }
        startOver()
        total = head.contentLength
        do throws(CRLFetchFailure) {
            let part = try openedPart()
            try await BlockingWork.run { () throws(CRLFetchFailure) in try part.truncate(to: 0) }
            guard let validator = head.strongValidator, part.path + "-note" == notePath else { return .goOn }
            let note = DownloadNote(url: url, validator: validator, total: total)
            note.write(to: notePath)
            self.note = note
        } catch {
            return stop(.failed(error))
        }
        return .goOn
    }

    private func openedPart() throws(CRLFetchFailure) -> SpoolWriter {
        if let part { return part }
        let opened = try spool.openPart(spool.partPath(of: source))
        part = opened
        return opened
    }

    /// RFC 9110 §15.3.7: only the very rest that was asked for, of the very list of which the part is.
    private func continuePart(_ head: OutgoingHead) -> ReceptionWish {
        guard ListDownload.isPlain(head), let range = ContentRange(head.header("content-range")),
            range.first == offset, range.last == range.total - 1, range.total == total ?? range.total,
            head.contentLength ?? range.count == range.count
        else { return stop(.startOver) }
        guard note?.validator == head.validator(like: note?.validator) else { return stop(.startOver) }
        guard range.total <= maximumSize else { return refuseSize() }
        total = range.total
        return .goOn
    }

    func take(_ piece: [UInt8]) async -> ReceptionWish {
        guard verdict == nil, let part else { return .stop }
        guard piece.count <= min(total ?? maximumSize, maximumSize) - size else { return refuseSize() }
        let end = size
        do throws(CRLFetchFailure) {
            try await BlockingWork.run { () throws(CRLFetchFailure) in try part.write(piece, at: end) }
        } catch {
            return stop(.failed(error))
        }
        size += piece.count
        cameSinceRequest += piece.count
        return .goOn
    }

    private func refuseSize() -> ReceptionWish {
        startOver()
        return stop(.failed(.tooLarge))
    }

    private func stop(_ verdict: Step) -> ReceptionWish {
        self.verdict = verdict
        return .stop
    }

    // MARK: The end

    /// What the exchange has come to.
    func step(_ result: Result<ReceptionEnd, OutgoingFailure>) -> Step {
        if let verdict { return verdict }
        switch result {
        case .failure(.connectionFailed) where !headCame: return .unanswered
        case .success(.complete) where size == total ?? size: return .whole(responseValidators)
        case .success: return cutOff(.connectionFailed)
        case .failure(let failure): return cutOff(CRLFetchFailure(failure))
        }
    }

    private func cutOff(_ failure: CRLFetchFailure) -> Step {
        note != nil && cameSinceRequest > 0 && failure != .cancelled ? .cut(failure) : .failed(failure)
    }

    /// The whole list, out of the part.
    func finish(_ validators: CacheValidators?) async throws(CRLFetchFailure) -> FetchedList {
        guard let part else { throw .spoolFailed }
        let (spool, size) = (spool, size)
        startOver()
        self.part = nil
        return try await BlockingWork.run { () throws(CRLFetchFailure) in
            // A part of a former attempt may have been longer.
            if part.size != size { try part.truncate(to: size) }
            return try spool.finish(part, validators: validators)
        }
    }
}
