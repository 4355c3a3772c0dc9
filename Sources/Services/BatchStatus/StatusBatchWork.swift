internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import RevocationLists
internal import SignatureValidation
internal import Verification
internal import WireFormat

/// Answers status lines from one pinned set of lists. Nobody upstream is asked: a bulk job would flood a responder,
/// and its lines would rest on different moments.
struct StatusBatchWork: BatchWork {
    /// What is the same for every serial number of one issuer.
    private struct Questions: Sendable {
        let issuer: Issuer
        let evidence: ValidationEvidence
        let lists: [VerifiedList]
        /// The answer for a serial that no list names. It depends on the lists alone.
        let missAnswer: (word: String, octets: [UInt8])?
    }

    private let trust: TrustSettings
    private let constraints: ValidationConstraints
    private let lists: any ListProvider
    private let time: ValidationTime
    private let clock: ClockEvidence
    private let format: BatchFormat
    private let longestLine: Int
    private let questions: [(id: [UInt8], questions: Questions)]

    init(
        trust: TrustSettings,
        policy: RevocationPolicy,
        lists: any ListProvider,
        basis: BatchBasis,
        format: BatchFormat,
        longestLine: Int
    ) {
        var policy = policy
        (policy.preferredMethod, policy.fallback) = (.crl, .forbidden)
        let constraints = ValidationConstraints(acceptedKinds: Set(CertificateKind.allCases), revocation: policy)
        let time = ValidationTime(secondsSince1970: basis.judgedAt)
        let clock: ClockEvidence = basis.isClockTrusted ? .trusted : .untrusted
        self.trust = trust
        self.constraints = constraints
        self.lists = lists
        self.time = time
        self.clock = clock
        self.format = format
        self.longestLine = longestLine
        questions = trust.issuers.map { issuer in
            let evidence = StatusBatchWork.evidence(nil, issuer, nil, trust, lists, clock)
            let judge = { (serial: SerialNumber) in
                SerialValidator(serial, issuer: issuer, trust: trust, constraints: constraints, at: time)
                    .report(evidence).revocation
            }
            let held: [VerifiedList] =
                if case .held(let held, _) = evidence.lists { held.map(\.verified) } else { [] }
            let missing = StatusBatchWork.serialOnNoList(held, issuer).map(judge)
            return (
                Array(issuer.id.utf8),
                Questions(
                    issuer: issuer, evidence: evidence, lists: held,
                    missAnswer: missing.map { ($0.status.status.rawValue, StatusItem.answer($0)) })
            )
        }
    }

    func answers(to lines: [UInt8], first: Int) -> BatchAnswers {
        var answers = BatchAnswers()
        answers.octets.reserveCapacity(lines.count * 4)
        var start = 0
        var number = first
        while start < lines.count {
            let end = lines[start...].firstIndex(of: 0x0A) ?? lines.count
            answer(lines[start..<end], number, &answers)
            (start, number) = (end + 1, number + 1)
        }
        return answers
    }

    private func answer(_ octets: ArraySlice<UInt8>, _ number: Int, _ answers: inout BatchAnswers) {
        guard octets.count <= longestLine else {
            let detail = "a line has at most \(longestLine) octets"
            return refuse(number, nil, .tooLong, detail, &answers)
        }
        if format == .csv, octets.isEmpty {
            let detail = "a row is UTF-8 on one line, with as many fields as the header"
            return refuse(number, nil, .invalidCSVLine, detail, &answers)
        }
        do throws(BatchLineRefusal) {
            let line = try StatusBatchLine(octets)
            switch line.target {
            case .certificate(let der):
                write(number, line.reference, status(of: der), &answers)
            case .serial(let issuerID, let serial):
                guard let found = questions.first(where: { $0.id.elementsEqual(issuerID) })?.questions else {
                    let detail = "/issuer_id must be the id of a configured issuer"
                    return refuse(number, line.reference, .unknownIssuer, detail, &answers)
                }
                answer(serial, found, number, line.reference, &answers)
            }
        } catch {
            let code: BatchLineCode = format == .csv ? .invalidCSVLine : .invalidLine
            let detail = "\(error.pointer) \(error.code.rawValue): \(error.detail)"
            refuse(number, error.reference?[...], code, detail, &answers)
        }
    }

    private func answer(
        _ serial: SerialNumber,
        _ questions: Questions,
        _ number: Int,
        _ reference: ArraySlice<UInt8>?,
        _ answers: inout BatchAnswers
    ) {
        if let miss = questions.missAnswer, StatusBatchWork.isOnNoList(serial, questions.lists, questions.issuer) {
            answers.count(miss.word)
            return StatusItem.append(line: number, reference: reference, answer: miss.octets, to: &answers.octets)
        }
        let validator = SerialValidator(
            serial, issuer: questions.issuer, trust: trust, constraints: constraints, at: time)
        write(number, reference, validator.report(questions.evidence).revocation, &answers)
    }

    private func status(of der: [UInt8]) -> RevocationAnswer {
        let validator = CertificateValidator(der, trust: trust, constraints: constraints, at: time)
        let subject = validator.subject
        let evidence = StatusBatchWork.evidence(
            subject?.certificate, subject?.issuer, subject?.profile, trust, lists, clock)
        return validator.revocation(evidence).answer
    }

    private func write(
        _ number: Int,
        _ reference: ArraySlice<UInt8>?,
        _ answer: RevocationAnswer,
        _ answers: inout BatchAnswers
    ) {
        answers.count(answer.status.status.rawValue)
        StatusItem.append(
            line: number, reference: reference, answer: StatusItem.answer(answer), to: &answers.octets)
    }

    private func refuse(
        _ number: Int,
        _ reference: ArraySlice<UInt8>?,
        _ code: BatchLineCode,
        _ detail: String,
        _ answers: inout BatchAnswers
    ) {
        answers.count("error")
        StatusItem.append(line: number, reference: reference, error: code, detail: detail, to: &answers.octets)
    }
}

// MARK: - Evidence

extension StatusBatchWork {
    private static func evidence(
        _ certificate: Certificate?,
        _ issuer: Issuer?,
        _ profile: KindProfile?,
        _ trust: TrustSettings,
        _ lists: any ListProvider,
        _ clock: ClockEvidence
    ) -> ValidationEvidence {
        var evidence = ValidationEvidence(
            ocsp: .notAsked, lists: .held([], missing: .none), clock: clock, challenge: .notUsed)
        guard let issuer else { return evidence }
        // Without a certificate the kind is known where the issuer has only one.
        let profile = profile ?? (issuer.kinds.count == 1 ? issuer.kinds.first.flatMap { trust.kinds[$0] } : nil)
        evidence.lists =
            switch profile?.lists {
            case ListAvailability.none?: .notPublished
            case .published?, nil: lists.lists(for: certificate, of: issuer, trust: trust)
            }
        return evidence
    }

    /// Whether none of the lists names the serial.
    private static func isOnNoList(_ serial: SerialNumber, _ lists: [VerifiedList], _ issuer: Issuer) -> Bool {
        lists.allSatisfy { $0.image.entry(for: serial, issuer: issuer.anchor.name) == nil }
    }

    /// Some serial that is on no list; nil when none of a hundred is.
    private static func serialOnNoList(_ lists: [VerifiedList], _ issuer: Issuer) -> SerialNumber? {
        for last in UInt8.zero..<100 {
            let magnitude = [0x7F] + [UInt8](repeating: 0xFF, count: 18) + [last]
            guard let serial = SerialNumber(magnitude: magnitude) else { return nil }
            if isOnNoList(serial, lists, issuer) { return serial }
        }
        return nil
    }
}
