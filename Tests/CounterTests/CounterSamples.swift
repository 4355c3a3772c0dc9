import CounterApplications
import Organizations
import PKIX

/// A sample that is none is a slip of these tests.
func made<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("a sample of the tests is wrong") }
    return value
}

/// Made-up values, and applications in every situation.
enum Sample {
    static let city = made(MunicipalityCode("131016"))
    static let otherCity = made(MunicipalityCode("141003"))
    /// Monday, 2026-11-23, 10:00 in Japan.
    static let start = made(ValidationTime(rfc3339: "2026-11-23T10:00:00+09:00"))
    static let clerk = StaffIdentity(id: "clerk-1", municipality: city, roles: [.counterClerk])
    static let supervisor = StaffIdentity(id: "chief-1", municipality: city, roles: [.supervisor])
    static let auditor = StaffIdentity(id: "auditor-1", municipality: city, roles: [.auditor])
    static let stranger = StaffIdentity(id: "clerk-9", municipality: otherCity, roles: [.counterClerk, .supervisor])

    static func octets(_ count: Int, _ seed: UInt8) -> [UInt8] { (0..<count).map { UInt8($0 & 0xFF) &* 7 &+ seed } }

    static func id(_ seed: UInt8 = 1) -> ApplicationID { made(ApplicationID(random: octets(26, seed))) }
    static func reception(_ seed: UInt8 = 1) -> ReceptionNumber { made(ReceptionNumber(random: octets(7, seed))) }
    static func control(_ seed: UInt8 = 1) -> ControlNumber { made(ControlNumber(random: octets(15, seed))) }

    static let weekdays: [OpeningHours.Weekday: [OpeningHours.Interval]] = Dictionary(
        uniqueKeysWithValues: OpeningHours.Weekday.allCases.prefix(5).map {
            ($0, [made(OpeningHours.Interval(opens: 510, closes: 1_035))])
        })

    static func procedure(
        _ kind: CertificateKindOfCounter = .residentRecord,
        id: String = "juminhyo",
        hours: OpeningHours = OpeningHours(weekly: weekdays),
        minimumAge: Int = 15,
        fiscalYears: Set<Int> = [],
        policyID: String = "online-only",
        limits: ProcedureLimits = ProcedureLimits()
    ) -> CounterProcedure {
        CounterProcedure(
            id: id, kind: kind, names: ["ja": "住民票の写し", "en": "Resident record"],
            scopes: [.individual, .household, .selected], details: [.relationship, .domicile],
            fiscalYears: fiscalYears, mostCopies: 5,
            fees: FeeTable(
                perCopy: 300,
                exemptions: [
                    .init(id: "pension", names: ["ja": "年金"], perCopy: 0),
                    .init(id: "scholar", names: ["ja": "奨学金"], perCopy: 150),
                ]),
            minimumAge: minimumAge, hours: hours, policyID: policyID, limits: limits)
    }

    static func resident(_ id: String = "R-000017", birthYear: Int = 1_980) -> ResidentRecord {
        ResidentRecord(
            residentID: id, name: "見本 花子", address: "見本県見本市一丁目1番",
            birthDate: made(BirthDate(year: birthYear, month: 4, day: 2)),
            household: [.init(reference: "m-1", name: "見本 花子"), .init(reference: "m-2", name: "見本 太郎")])
    }

    static func applicant(_ id: String = "R-000017") -> Applicant {
        Applicant(
            identification: Identification(
                verificationID: "ver_X", certificateKind: "card_user_authentication", policyID: "online-only",
                assurance: "pin_authentication",
                rung: "ocsp", service: .normal, verifiedAt: start), resident: resident(id))
    }

    static func order(copies: Int = 2, exemption: String? = nil) -> AcceptedOrder {
        made(
            try? procedure().accept(
                CertificateOrder(
                    procedureID: "juminhyo", kind: .residentRecord, scope: .household, details: [.relationship],
                    copies: copies, exemption: exemption),
                from: resident(), at: start))
    }

    /// Under an exemption of the procedure.
    static func reduced(_ perCopy: Int) -> FeeQuote { FeeQuote(perCopy: perCopy, copies: 2, exemption: "scholar") }

    static let slip = PrintTarget(printer: "slip", tray: nil, media: "iso_a6_105x148mm", sides: .one)
    static let secure = PrintTarget(printer: "counter", tray: "tray-2", media: "iso_a4_210x297mm", sides: .two)
    static let plain = PrintTarget(printer: "counter", tray: "tray-1", media: "iso_a4_210x297mm", sides: .one)

    static func plans(copies: Int = 2) -> [PaperPlan] {
        [
            PaperPlan(kind: .receiptSlip, target: slip, stock: .plain, copies: 1, token: "t1"),
            PaperPlan(kind: .certifiedCopy, target: secure, stock: .secure, copies: copies, token: "t2"),
            PaperPlan(kind: .applicationForm, target: plain, stock: .plain, copies: 1, token: "t3"),
        ]
    }

    static func preparation(_ seed: UInt8 = 1) -> IssuePreparation {
        IssuePreparation(requestID: "isq_\(seed)", nonce: octets(32, seed), controlNumber: control(seed))
    }

    static let copy = IssuedCopy(pdfDigest: octets(32, 99), pages: 3, issuedAt: start)
    static let rendered = [
        RenderedPaper(kind: .receiptSlip, digest: octets(32, 1), pages: 1),
        RenderedPaper(kind: .certifiedCopy, digest: copy.pdfDigest, pages: 3),
        RenderedPaper(kind: .applicationForm, digest: octets(32, 3), pages: 1),
    ]

    static func job(_ kind: PaperKind) -> PrintJobReference {
        PrintJobReference(
            printer: kind == .receiptSlip ? "slip" : "counter",
            jobID: 40 + made(PaperKind.allCases.firstIndex(of: kind)))
    }

    static let kinds: [PaperKind] = [.receiptSlip, .certifiedCopy, .applicationForm]
}

/// One situation of an application: a state, and what tells it from others of the same state.
enum Situation: String, CaseIterable {
    case open, identified, applied, requested, planned, rendered, holding, held, releasing, released, lost, ready, paid,
        blocked, handedOver, handedOverKept, skeleton, voiding, voidingUnanswered, voidingPapers, voided

    /// The events that lead here from the start.
    var path: [CounterEvent] {
        let kinds = Sample.kinds
        switch self {
        case .open: return []
        case .identified: return [.identified(Sample.applicant())]
        case .applied:
            return Situation.identified.path + [.submitted(Sample.order(), Sample.preparation(), Sample.plans())]
        case .requested: return Situation.applied.path + [.issueSending]
        case .planned: return Situation.requested.path + [.issueAccepted(Sample.copy)]
        case .rendered: return Situation.planned.path + [.rendered(Sample.rendered)]
        case .holding: return Situation.rendered.path + kinds.map { .holding($0) }
        case .held: return Situation.holding.path + kinds.map { .held($0, Sample.job($0)) }
        case .releasing: return Situation.held.path + [.releasing]
        case .released: return Situation.releasing.path + kinds.map { .released($0) }
        case .lost: return Situation.released.path + [.observed(.certifiedCopy, PrintJobState(.aborted, sheets: 1))]
        case .ready: return Situation.released.path + kinds.map { .observed($0, PrintJobState(.completed)) }
        case .paid: return Situation.ready.path + [.feeTaken(by: Sample.clerk)]
        case .blocked: return Situation.ready.path + [.blocked(.crossedPapers, other: nil, by: Sample.clerk)]
        case .handedOver:
            return Situation.paid.path + [
                .handedOver(receipt: Sample.reception(), copy: Sample.control(), by: Sample.clerk)
            ]
        case .handedOverKept: return Situation.handedOver.path + [.documentsDeleted]
        case .skeleton: return Situation.handedOverKept.path + [.wiped]
        case .voiding: return Situation.requested.path + [.voidRequested(.residentCancelled, by: .resident)]
        case .voidingUnanswered: return Situation.voiding.path + [.issueCancelFailed]
        case .voidingPapers: return Situation.held.path + [.voidRequested(.timedOut, by: .platform), .issueCancelled]
        case .voided: return Situation.voiding.path + [.issueCancelled]
        }
    }

    /// An application that has come here, and the time at which it did.
    func application() -> (CounterApplication, ValidationTime) {
        var application = Situation.new()
        var time = Sample.start
        for event in path {
            time = time.advanced(bySeconds: event == .wiped ? 90_000 : 1)
            application = made(try? application.applying(event, at: time)).application
        }
        return (application, time)
    }

    static func new(_ seed: UInt8 = 1) -> CounterApplication {
        CounterApplication(
            id: Sample.id(seed), municipality: Sample.city, site: "main", terminal: "kiosk-1", challengeID: "chl_X",
            receptionNumber: Sample.reception(seed), language: "ja", createdAt: Sample.start)
    }
}
