internal import JPKIProfile
internal import OfflineEvidence
internal import PKIX
internal import SignatureValidation
internal import Verification
internal import WireFormat

/// Verifies proofs that were collected offline again: at the time of the check by the lists of then, and now.
struct VerificationBatchWork: BatchWork {
    private let trust: TrustSettings
    private let constraints: ValidationConstraints
    private let lists: any ListProvider
    private let history: any BatchListHistory
    private let time: ValidationTime
    private let clock: ClockEvidence
    private let format: BatchFormat
    private let longestLine: Int
    private let sealed: SealedLineAnswering?

    /// - Parameter sealed: nil where no devices are configured.
    init(
        trust: TrustSettings,
        procedure: Procedure,
        lists: any ListProvider,
        history: any BatchListHistory,
        basis: BatchBasis,
        format: BatchFormat,
        longestLine: Int,
        sealed: SealedLineAnswering? = nil
    ) {
        var policy = procedure.revocation
        // A responder speaks of the present only, and a bulk job would flood it.
        (policy.preferredMethod, policy.fallback) = (.crl, .forbidden)
        self.trust = trust
        constraints = ValidationConstraints(
            acceptedKinds: procedure.acceptedKinds, revocation: policy, moment: .past)
        self.lists = lists
        self.history = history
        time = ValidationTime(secondsSince1970: basis.judgedAt)
        clock = basis.isClockTrusted ? .trusted : .untrusted
        self.format = format
        self.longestLine = longestLine
        self.sealed = sealed
    }

    func answers(to lines: [UInt8], first: Int) async -> BatchAnswers {
        var answers = BatchAnswers()
        var start = 0
        var number = first
        while start < lines.count {
            let end = lines[start...].firstIndex(of: 0x0A) ?? lines.count
            await answer(lines[start..<end], number, &answers)
            (start, number) = (end + 1, number + 1)
        }
        return answers
    }

    private func answer(_ octets: ArraySlice<UInt8>, _ number: Int, _ answers: inout BatchAnswers) async {
        guard octets.count <= longestLine else {
            return answers.refuse(number, nil, .tooLong, "a line has at most \(longestLine) octets")
        }
        let line: VerificationBatchLine
        do throws(BatchLineRefusal) {
            if let sealed, let line = try SealedBatchLine(octets) {
                return await sealed.answer(line, number, &answers) { await self.judged($0, at: $1) }
            }
            line = try VerificationBatchLine(octets)
        } catch {
            return answers.refuse(number, error, format)
        }
        let isDoubtful = line.clock == .untrusted
        guard isDoubtful || line.checkedAt <= time.advanced(bySeconds: 300) else {
            return answers.refuse(number, line.reference, .invalidLine, "/checked_at must not lie ahead")
        }
        let judged = await judged(line, at: isDoubtful ? time : line.checkedAt)
        answers.count(judged.outcome.rawValue)
        VerificationItem.append(
            line: number, reference: line.reference, judged.reconciliation, outcome: judged.outcome,
            now: judged.statusNow, doubtfulTime: isDoubtful ? line.checkedAt : nil, to: &answers.octets)
    }

    private func judged(_ line: VerificationBatchLine, at checkedAt: ValidationTime) async -> JudgedLine {
        let validator = SignatureValidator(
            line.message, trust: trust, constraints: constraints, at: checkedAt)
        let present = CertificateValidator(line.message.certificate, trust: trust, constraints: constraints, at: time)
        var then = ValidationEvidence(
            ocsp: .notAsked, lists: .held([], missing: .none), clock: clock, challenge: .notUsed)
        var now = then
        if let subject = validator.certificate.subject {
            let evidence = await evidence(subject, at: checkedAt)
            (then.lists, now.lists) = (evidence.then, evidence.now)
        }
        then.challenge = line.challenge.map { .nonce($0) } ?? .notUsed
        let statusNow = present.revocation(now).answer
        let reconciliation = Reconciliation(
            report: validator.report(then), statusNow: statusNow.status, checkedAt: checkedAt)
        return JudgedLine(reconciliation: reconciliation, outcome: reconciliation.outcome, statusNow: statusNow)
    }

    private func evidence(
        _ subject: CertificateValidator.Subject,
        at checkedAt: ValidationTime
    ) async -> (then: ListEvidence, now: ListEvidence) {
        switch subject.profile.lists {
        case .none: return (.notPublished, .notPublished)
        case .published:
            let then = await history.lists(
                for: subject.certificate, of: subject.issuer, trust: trust, at: checkedAt)
            return (then, lists.lists(for: subject.certificate, of: subject.issuer, trust: trust))
        }
    }
}

/// What came of one line.
struct JudgedLine: Sendable {
    let reconciliation: Reconciliation
    let outcome: ReconciliationOutcome
    let statusNow: RevocationAnswer
}

extension BatchAnswers {
    /// A line that could not be answered.
    mutating func refuse(
        _ number: Int,
        _ reference: ArraySlice<UInt8>?,
        _ code: BatchLineCode,
        _ detail: String
    ) {
        count("error")
        StatusItem.append(line: number, reference: reference, error: code, detail: detail, to: &octets)
    }

    /// A line that could not be read.
    mutating func refuse(_ number: Int, _ refusal: BatchLineRefusal, _ format: BatchFormat) {
        let detail = "\(refusal.pointer) \(refusal.code.rawValue): \(refusal.detail)"
        refuse(number, refusal.reference?[...], format == .csv ? .invalidCSVLine : .invalidLine, detail)
    }
}
