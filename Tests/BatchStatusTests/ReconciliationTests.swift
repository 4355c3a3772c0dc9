import JPKIProfile
import OfflineEvidence
import PKIX
import PathValidation
import SignatureValidation
import Testing

@Suite("The rule of reconciliation (照合)")
struct ReconciliationTests {
    private static let checkedAt = ValidationTime(secondsSince1970: 1_795_000_000)
    private static let notBefore = checkedAt.advanced(bySeconds: -1_000)
    private static let notAfter = checkedAt.advanced(bySeconds: 1_000)

    /// A status, with the time of its revocation in seconds from the check.
    enum Status: Hashable, Sendable {
        case good
        case revoked(Int64)
        case revokedWithoutDate
        case held(Int64)
        case unknown
        case undetermined(CertificateStatus.UndeterminedReason)

        var status: CertificateStatus {
            func found(_ word: CertificateStatus.Status, _ seconds: Int64?) -> CertificateStatus {
                var status = CertificateStatus(word, method: .crl)
                status.revokedAt = seconds.map { checkedAt.advanced(bySeconds: $0) }
                return status
            }
            return switch self {
            case .good: found(.good, nil)
            case .revoked(let seconds): found(.revoked, seconds)
            case .revokedWithoutDate: found(.revoked, nil)
            case .held(let seconds): found(.onHold, seconds)
            case .unknown: found(.unknown, nil)
            case .undetermined(let reason): .undetermined(reason)
            }
        }
    }

    private static func outcome(
        then: Status, now: Status, at time: ValidationTime = checkedAt, _ faults: [SubIndication] = [],
        hasCertificate: Bool = true
    ) -> ReconciliationOutcome {
        let answer = RevocationAnswer(status: then.status, rung: nil, degradation: .none, ageSeconds: nil)
        let certificate = CertificateSummary(
            kind: .cardDigitalSignature, serialNumber: SerialNumber(1), issuerID: "a", issuerKeyIdentifier: nil,
            notBefore: notBefore, notAfter: notAfter, sha256: nil)
        let report = ValidationReport(
            result: .undetermined, indication: .indeterminate, subIndications: faults, checks: [],
            certificate: hasCertificate ? certificate : nil, revocation: answer, attributes: nil)
        return Reconciliation(report: report, statusNow: now.status, checkedAt: time).outcome
    }

    @Test("Only good then and good now is confirmed; a date at or before the check, or none, counts against it")
    func table() {
        let good: [(Status, ReconciliationOutcome)] = [
            (.good, .confirmed),
            (.revoked(-1), .revokedBeforeCheck), (.revoked(0), .revokedBeforeCheck), (.revoked(1), .revokedAfterCheck),
            (.revokedWithoutDate, .revokedBeforeCheck),
            (.held(-1), .revokedBeforeCheck), (.held(0), .revokedBeforeCheck), (.held(1), .revokedAfterCheck),
            (.unknown, .undetermined), (.undetermined(.sourceUnavailable), .undetermined),
            (.undetermined(.sourceStale), .undetermined), (.undetermined(.noMatchingCRL), .undetermined),
            // Expired certificates leave the list: the list of then is the last word.
            (.undetermined(.certificateExpired), .confirmed),
        ]
        for (now, expected) in good {
            #expect(ReconciliationTests.outcome(then: .good, now: now) == expected, "\(now)")
        }
    }

    @Test("A list of then that says nothing is no guess, but a revocation that is known now has its date")
    func unknownThen() {
        let silent: [Status] =
            [.unknown] + CertificateStatus.UndeterminedReason.allCases.map { .undetermined($0) }
        for then in silent {
            for now in silent + [.good] {
                #expect(ReconciliationTests.outcome(then: then, now: now) == .undetermined, "\(then) \(now)")
            }
            #expect(ReconciliationTests.outcome(then: then, now: .revoked(-1)) == .revokedBeforeCheck)
            #expect(ReconciliationTests.outcome(then: then, now: .revoked(1)) == .revokedAfterCheck)
            #expect(ReconciliationTests.outcome(then: then, now: .revokedWithoutDate) == .revokedBeforeCheck)
        }
    }

    @Test("What the list of then revoked stays revoked, whatever is said now")
    func revokedThen() {
        let now: [Status] = [
            .good, .revoked(-5), .revoked(5), .held(5), .unknown, .undetermined(.certificateExpired),
            .undetermined(.sourceStale),
        ]
        for now in now {
            for then in [Status.revoked(-1), .revoked(0), .revokedWithoutDate, .held(-1)] {
                #expect(ReconciliationTests.outcome(then: then, now: now) == .revokedBeforeCheck, "\(then) \(now)")
            }
        }
        // The list of then may name a time ahead of the check, within the clocks' difference.
        #expect(ReconciliationTests.outcome(then: .revoked(1), now: .good) == .revokedAfterCheck)
        #expect(ReconciliationTests.outcome(then: .revoked(1), now: .revoked(-1)) == .revokedBeforeCheck)
    }

    @Test("The certificate's own dates bound the check: both ends belong to it")
    func validity() {
        for time in [ReconciliationTests.notBefore, ReconciliationTests.notAfter] {
            #expect(ReconciliationTests.outcome(then: .good, now: .good, at: time) == .confirmed)
        }
        let late = ReconciliationTests.notAfter.advanced(bySeconds: 1)
        let early = ReconciliationTests.notBefore.advanced(bySeconds: -1)
        for then in [Status.good, .revoked(-5), .undetermined(.certificateExpired)] {
            #expect(ReconciliationTests.outcome(then: then, now: .good, at: late, [.expired]) == .expiredAtCheck)
            #expect(ReconciliationTests.outcome(then: then, now: .good, at: early) == .undetermined)
        }
    }

    @Test("A proof that does not stand proves nothing, whatever the lists say")
    func unsound() {
        let apart: Set<SubIndication> = [
            .expired, .outOfBoundsNoPOE, .revoked, .revokedNoPOE, .tryLater, .revocationOutOfBoundsNoPOE,
        ]
        for indication in SubIndication.allCases {
            for status in [Status.good, .revoked(-1), .revoked(1)] {
                let outcome = ReconciliationTests.outcome(then: status, now: status, [indication])
                #expect((outcome == .undetermined) == !apart.contains(indication), "\(indication)")
            }
        }
        #expect(ReconciliationTests.outcome(then: .good, now: .good, hasCertificate: false) == .undetermined)
        #expect(ReconciliationTests.outcome(then: .good, now: .good, [.expired, .hashFailure]) == .undetermined)
    }

    @Test("Doing it again changes nothing")
    func again() {
        for then in [Status.good, .revoked(1), .undetermined(.sourceStale)] {
            let first = ReconciliationTests.outcome(then: then, now: .revoked(1))
            #expect((0..<3).allSatisfy { _ in ReconciliationTests.outcome(then: then, now: .revoked(1)) == first })
        }
    }
}
