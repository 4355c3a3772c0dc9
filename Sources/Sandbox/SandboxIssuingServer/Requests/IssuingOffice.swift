internal import CounterApplications
internal import PKIX
internal import Synchronization
internal import WireFormat

/// Carries requests out: writes the certificate, draws it, enters it. Everything about one request is in values of its
/// own call; two requests share nothing but the registers, which are read.
final class IssuingOffice: Sendable {
    let registers: RegisterHolder
    let ledger: RequestLedger
    let faults: IssuingFaultBoard
    private let drawing: PaperDrawing
    private let clock: @Sendable () -> ValidationTime
    private let mixing = Mutex(Mixing())

    /// What the faults `swapped` and `duplicate` need: nothing else in the server remembers another request.
    private struct Mixing {
        var waiting: (id: String, document: RequestLedger.Document)?
        var last: RequestLedger.Document?
        var partners: [String: String] = [:]
    }

    init(
        registers: RegisterHolder,
        ledger: RequestLedger,
        faults: IssuingFaultBoard,
        drawing: PaperDrawing,
        clock: @escaping @Sendable () -> ValidationTime
    ) {
        (self.registers, self.ledger, self.faults) = (registers, ledger, faults)
        (self.drawing, self.clock) = (drawing, clock)
    }

    /// The id whose answer is given out under `id`: its own, but for the fault `swapped`.
    func answering(_ id: String) -> String { mixing.withLock { $0.partners[id] ?? id } }

    func carryOut(_ request: IssueRequest) async {
        let fault = faults.take()
        if case .slow(let milliseconds) = fault { try? await Task.sleep(for: .milliseconds(milliseconds)) }
        while fault == .held, faults.current == .held { try? await Task.sleep(for: .milliseconds(20)) }
        // What was cancelled while it waited is not written at all.
        guard ledger.entry(request.requestID)?.isAtWork == true || fault == .answerAfterCancel else { return }
        while fault == .answerAfterCancel, ledger.entry(request.requestID)?.isAtWork == true {
            try? await Task.sleep(for: .milliseconds(20))
        }
        do throws(IssuerRefusal) {
            let document = try document(for: request, fault)
            enter(document, request, fault)
        } catch {
            ledger.finish(request.requestID, with: .refused(error))
        }
    }

    private func enter(_ document: RequestLedger.Document, _ request: IssueRequest, _ fault: IssuingFault?) {
        let id = request.requestID
        switch fault {
        case .swapped:
            let partner = mixing.withLock { mixing in
                guard let partner = mixing.waiting else {
                    mixing.waiting = (id, document)
                    return nil as (id: String, document: RequestLedger.Document)?
                }
                mixing.waiting = nil
                (mixing.partners[id], mixing.partners[partner.id]) = (partner.id, id)
                return partner
            }
            // The first of the two stays at work until the second is there.
            guard let partner else { return }
            ledger.finish([(partner.id, .issued(partner.document)), (id, .issued(document))])
        case .duplicate:
            let former = mixing.withLock { mixing in
                defer { mixing.last = mixing.last ?? document }
                return mixing.last
            }
            ledger.finish(id, with: .issued(former ?? document))
        default:
            ledger.finish(
                id, with: .issued(document), even: fault == .answerAfterCancel ? .isOverridden : .stays)
        }
    }

    private func document(
        for request: IssueRequest,
        _ fault: IssuingFault?
    ) throws(IssuerRefusal) -> RequestLedger.Document {
        let book = registers.book
        let now = clock()
        var recipient = request.residentID
        if fault == .wrongPerson || fault == .wrongPersonUndeclared { recipient = another(than: recipient, in: book) }
        var content = try PaperWriter(book: book, now: now).content(request, recipient: recipient)
        if fault == .wrongControlNumber { content.controlNumber = content.controlNumber.neighbour }
        let drawn = try drawing.pdf(content, foot: fault == .missingFoot ? .missing : .onEverySheet, at: now)
        let pdf = fault == .truncatedPDF ? Array(drawn.octets.prefix(drawn.octets.count * 2 / 3)) : drawn.octets
        // From the entry that was printed, never from the request.
        let printed = fault == .wrongPersonUndeclared ? request.residentID : content.recipient
        return RequestLedger.Document(
            pdf: pdf,
            description: IssuedDocumentBody(
                digest: sha256(pdf), size: pdf.count, pageCount: drawn.sheets + (fault == .wrongPageCount ? 1 : 0),
                recipientDigest: IssueRequest.recipientDigest(nonce: request.nonce, residentID: printed), issuedAt: now
            ))
    }

    private func another(than residentID: String, in book: RegisterBook) -> String {
        book.everybody.first { $0.residentID != residentID && $0.standing == .resident && $0.sourceID != nil }?
            .residentID ?? residentID
    }
}

extension ControlNumber {
    /// The number with these fifteen values, the last of them one further: valid, and nobody's.
    fileprivate var neighbour: ControlNumber {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        let values = rawValue.utf8.prefix(ControlNumber.randomOctets).map { octet in
            UInt8(alphabet.firstIndex(of: octet) ?? 0) ^ 1
        }
        return ControlNumber(random: values) ?? self
    }
}
