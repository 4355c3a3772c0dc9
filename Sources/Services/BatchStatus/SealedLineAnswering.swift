internal import OfflineEvidence
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
internal import Verification
internal import WireFormat

/// Lines with a sealed record: opened, judged as the line that was sealed, and settled once.
struct SealedLineAnswering: Sendable {
    let intake: SealedRecordIntake
    let jobID: String
    let origin: BatchJob.Origin
    /// The time of the job; not the one at which the line is answered, so that it is answered the same again.
    let time: ValidationTime

    /// - Parameter judge: makes the reconciliation of an opened line.
    func answer(
        _ line: SealedBatchLine,
        _ number: Int,
        _ answers: inout BatchAnswers,
        judge: (VerificationBatchLine, ValidationTime) async -> JudgedLine
    ) async {
        do throws(SealedRecordRefusal) {
            guard let record = try? SealedRecord(der: line.record) else { throw .malformed }
            let settler = "\(jobID)/\(number)"
            switch try await intake.admit(record, of: origin, by: settler) {
            case .repeated(let receipt): try repeated(receipt, line, number, &answers)
            case .contents(let octets):
                try await reconcile(record, octets, settler, line, number, &answers, judge: judge)
            }
        } catch {
            await refuse(error, line, number, &answers)
        }
    }

    private func reconcile(
        _ record: SealedRecord,
        _ contents: [UInt8],
        _ settler: String,
        _ line: SealedBatchLine,
        _ number: Int,
        _ answers: inout BatchAnswers,
        judge: (VerificationBatchLine, ValidationTime) async -> JudgedLine
    ) async throws(SealedRecordRefusal) {
        // What cannot be read or lies ahead is settled too: its successors are still linked to it.
        let opened = (try? VerificationBatchLine(contents[...])).flatMap {
            $0.clock == .untrusted || $0.checkedAt <= time.advanced(bySeconds: 300) ? $0 : nil
        }
        let isDoubtful = opened?.clock == .untrusted
        var judged: JudgedLine?
        if let opened { judged = await judge(opened, isDoubtful ? time : opened.checkedAt) }
        let outcome = judged?.outcome.rawValue ?? SealedItem.refused
        let evidence = opened.map { $0.evidence } ?? record.encoding
        let receipt = SealedReceipt(
            municipality: origin.municipality, device: record.header.origin.device, queue: record.header.queue,
            sequence: record.header.sequence, digest: record.digest, previous: record.header.previous,
            evidenceDigest: HashAlgorithm.sha256.digest(of: evidence), settledBy: settler, outcome: outcome,
            settledAt: time)
        let settlement = try await settle(receipt, record, clock: isDoubtful ? "untrusted" : "trusted")
        switch settlement {
        case .repeated(let first): try repeated(first, line, number, &answers)
        case .conflicting: throw .chainConflict
        case .settled, .settledAgain:
            guard let judged else { throw .invalidContents }
            answers.count(outcome)
            VerificationItem.append(
                line: number, reference: line.reference, judged.reconciliation, outcome: judged.outcome,
                now: judged.statusNow,
                doubtfulTime: isDoubtful ? opened?.checkedAt : nil,
                sealed: SealedItem(
                    record.header, evidence: settlement == .settledAgain ? .seenBefore : .new),
                to: &answers.octets)
        }
    }

    private func settle(
        _ receipt: SealedReceipt,
        _ record: SealedRecord,
        clock: String
    ) async throws(SealedRecordRefusal) -> SealedSettlement {
        let event = AuditEvent(
            kind: .sealedRecordReconciled, occurredAt: time, environment: origin.environment,
            municipality: origin.municipality, actor: origin.actor, site: origin.site, requestID: origin.requestID,
            subject: receipt.device, purpose: origin.purpose, result: receipt.outcome,
            details: [
                "job": jobID, "queue": receipt.queue.hexString.lowercased(), "sequence": String(receipt.sequence),
                "record": receipt.digest.hexString.lowercased(), "terminal": record.header.origin.terminal,
                "clock": clock,
            ])
        return try await intake.asked { () async throws(StoreError) in
            try await intake.ledger.settle(receipt, audit: event)
        }
    }

    private func repeated(
        _ receipt: SealedReceipt,
        _ line: SealedBatchLine,
        _ number: Int,
        _ answers: inout BatchAnswers
    ) throws(SealedRecordRefusal) {
        // Refused the first time, refused again: the device keeps what could not be judged, also when the first
        // answer was lost on its way.
        guard receipt.outcome != SealedItem.refused else { throw .invalidContents }
        answers.count("repeated")
        SealedItem.appendRepetition(
            line: number, reference: line.reference, device: receipt.device, queue: receipt.queue,
            sequence: receipt.sequence, outcome: receipt.outcome, to: &answers.octets)
    }

    private func refuse(
        _ refusal: SealedRecordRefusal,
        _ line: SealedBatchLine,
        _ number: Int,
        _ answers: inout BatchAnswers
    ) async {
        guard refusal != .notReady else {
            return answers.refuse(number, line.reference, .serviceNotReady, "the record is to be sent again")
        }
        let event = AuditEvent(
            kind: .sealedRecordRefused, occurredAt: time, environment: origin.environment,
            municipality: origin.municipality, actor: origin.actor, site: origin.site, requestID: origin.requestID,
            subject: jobID, purpose: origin.purpose, result: refusal.rawValue, details: ["line": String(number)])
        // The refusal is definite only once it is on the audit trail.
        guard (try? await intake.ledger.append(event)) != nil else {
            return answers.refuse(number, line.reference, .serviceNotReady, "the record is to be sent again")
        }
        answers.refuse(number, line.reference, .sealedRecordRefused, refusal.rawValue)
    }
}
