import CounterApplications
import Foundation
import PKIX
import Testing

/// Random sequences of events, from a fixed seed: what must hold after each of them.
@Suite struct PropertyTests {
    /// `AKASHI_COUNTER_SEQUENCES=100000` for the whole proof; without it a share.
    static let sequences = Int(ProcessInfo.processInfo.environment["AKASHI_COUNTER_SEQUENCES"] ?? "") ?? 6_000

    /// What has been seen of one application.
    struct History {
        var released: Set<String> = []
        var used = 0
        var spoilt = 0
        var wasPaid = false
        var pdfDigest: [UInt8]?
    }

    @Test("Whatever happens in whatever order, no invariant of the counter breaks")
    func invariants() throws {
        let numbers = SeededNumbers(20_261_123)
        var happened = 0
        for sequence in 0..<PropertyTests.sequences {
            let situation = Situation.allCases[sequence % Situation.allCases.count]
            var (application, time) = situation.application()
            var history = PropertyTests.history(of: situation)
            for _ in 0..<14 {
                time = time.advanced(bySeconds: PropertyTests.pause(numbers))
                let event = PropertyTests.event(for: application, numbers)
                guard let transition = try? application.applying(event, at: time) else { continue }
                happened += 1
                for movement in transition.sheets {
                    history.used += movement.used
                    history.spoilt += movement.spoilt
                }
                let wrong = PropertyTests.judge(application, event, transition.application, &history)
                #expect(wrong.isEmpty, "\(sequence): \(event): \(wrong)")
                if !wrong.isEmpty { return }
                application = transition.application
            }
            if sequence % 500 == 0 {
                let coded = try JSONDecoder().decode(
                    CounterApplication.self, from: JSONEncoder().encode(application))
                #expect(coded == application)
            }
        }
        #expect(happened > PropertyTests.sequences * 2)
    }

    /// Mostly seconds, sometimes a day, rarely more than a month.
    private static func pause(_ numbers: SeededNumbers) -> Int64 {
        if numbers.happens(10) { return Int64(numbers.below(3_000_000)) }
        return Int64(numbers.happens(30) ? numbers.below(90_000) : numbers.below(3))
    }

    private static func history(of situation: Situation) -> History {
        let (application, _) = situation.application()
        var history = History()
        for paper in application.papers where paper.stock == .secure {
            history.used += paper.usedSheets
            history.spoilt += paper.spoiltSheets
        }
        for paper in application.papers where application.milestones.releasedAt != nil {
            history.released.insert(paper.token)
        }
        history.wasPaid = application.fee?.state == .paid
        history.pdfDigest = application.issue?.pdfDigest
        return history
    }

    /// Mostly what goes with the actions that are due, sometimes anything.
    private static func event(for application: CounterApplication, _ numbers: SeededNumbers) -> CounterEvent {
        if numbers.happens(300) {
            return StateMachineTests.table[numbers.below(StateMachineTests.table.count)].event
        }
        let actions = application.actions
        guard !actions.isEmpty else {
            let acts: [CounterEvent] = [
                .feeTaken(by: Sample.clerk), .cleared(by: Sample.supervisor),
                .handedOver(receipt: Sample.reception(), copy: Sample.control(), by: Sample.clerk),
                .reprinted(
                    Sample.kinds[numbers.below(3)], token: "t\(numbers.below(1_000_000))",
                    sheets: numbers.happens(500) ? nil : numbers.below(9), by: Sample.supervisor),
                .identified(Sample.applicant()),
                .submitted(
                    Sample.order(exemption: [nil, "pension", "scholar"][numbers.below(3)]), Sample.preparation(),
                    Sample.plans()),
            ]
            return acts[numbers.below(acts.count)]
        }
        switch actions[numbers.below(actions.count)] {
        case .issue: return .issueSending
        case .askIssuer:
            return [.issueAccepted(Sample.copy), .issueNotSent, .issueNotReceived, .issueUndecided][numbers.below(4)]
        case .cancelIssue:
            let reasons = CancelEnd.Reason.allCases
            return [
                .issueCancelled, .issueCancelFailed, .issueCancelFailed, .wiped, .issueCancelGivenUp,
                .cancelEnded(reasons[numbers.below(reasons.count)], by: Sample.supervisor),
            ][numbers.below(6)]
        case .render: return .rendered(Sample.rendered)
        case .hold(let kind): return .holding(kind)
        case .findJob(let kind):
            return [.held(kind, Sample.job(kind)), .notHeld(kind), .holdUndecided(kind)][numbers.below(3)]
        case .releasePapers: return .releasing
        case .release(let kind): return numbers.happens(700) ? .released(kind) : .releaseUndecided(kind)
        case .watch(let kind):
            let phase = PrintJobState.Phase.allCases[numbers.below(PrintJobState.Phase.allCases.count)]
            return .observed(kind, PrintJobState(phase, sheets: numbers.happens(500) ? numbers.below(7) : nil))
        case .withdraw(let kind): return .withdrawn(kind, sheets: numbers.below(4))
        case .deleteDocuments: return .documentsDeleted
        case .wipe: return .wiped
        }
    }

    private static func judge(
        _ former: CounterApplication, _ event: CounterEvent, _ application: CounterApplication,
        _ history: inout History
    ) -> [String] {
        var wrong: [String] = []
        func demand(_ holds: Bool, _ what: String) { if !holds { wrong.append(what) } }
        demand(application.version == former.version + 1, "the version rises by one")
        demand(
            application.id == former.id && application.receptionNumber == former.receptionNumber, "its codes stay")
        demand(!former.state.isFinal || application.state == former.state, "an end is an end")
        demand(application.actions.isEmpty || application.dueAt != nil, "what is to be done is due at some time")
        if [.applied, .requested, .issued, .voiding].contains(application.state) {
            demand(!application.actions.isEmpty, "it goes on by itself")
        }
        demand(Set(application.papers.map(\.token)).count == application.papers.count, "tokens differ")
        // Never two releases of one printing.
        if event == .releasing {
            for paper in application.papers where paper.stage == .releasing {
                if former.paper(paper.kind)?.stage == .held {
                    demand(history.released.insert(paper.token).inserted, "one printing is released once")
                }
            }
        }
        for paper in application.papers where [.releasing, .released, .completed, .lost].contains(paper.stage) {
            demand(application.milestones.releasedAt != nil, "no paper before the release of all")
            demand(history.released.contains(paper.token), "no paper that was not released")
        }
        if let digest = history.pdfDigest, let now = application.issue?.pdfDigest {
            demand(digest == now, "the certificate does not change")
        }
        history.pdfDigest = application.issue?.pdfDigest ?? history.pdfDigest
        let secure = application.papers.filter { $0.stock == .secure }
        demand(history.used == secure.map(\.usedSheets).reduce(0, +), "used sheets are in the book")
        demand(history.spoilt == secure.map(\.spoiltSheets).reduce(0, +), "spoilt sheets are in the book")
        demand(application.papers.allSatisfy { $0.usedSheets >= 0 && $0.spoiltSheets >= 0 }, "no negative sheets")
        history.wasPaid = history.wasPaid || application.fee?.state == .paid
        // Of what is applied for here everything costs something, whatever is stated.
        demand(application.fee?.isSettled != true || application.fee?.takenBy != nil, "a clerk settles the fee")
        if application.state == .handedOver {
            demand(application.fee?.isSettled == true, "handed over with the fee")
            demand(application.blocks.isEmpty, "handed over unblocked")
            demand(application.papers.allSatisfy { $0.stage == .completed }, "handed over whole")
            demand(secure.allSatisfy { $0.usedSheets > 0 }, "handed over on sheets that are used")
        }
        if application.state == .voided {
            demand(application.papers.allSatisfy { $0.usedSheets == 0 }, "a void uses no sheet")
            demand(application.fee?.state != .paid, "a void keeps no fee")
            demand(application.fee?.state == .reversed || !history.wasPaid, "a fee that was taken is reversed")
            demand(application.issue?.stage != .sent && application.issue?.stage != .accepted, "nothing at the issuer")
        }
        if former.state == .voiding {
            demand(application.state == .voiding || application.state == .voided, "what is void stays void")
            demand(application.fee == former.fee, "and its fee is as it was")
            let wasPrinted = former.papers.map(\.stage)
            demand(
                zip(wasPrinted, application.papers.map(\.stage)).allSatisfy { $0 == $1 || $1 == .withdrawn },
                "nothing of it is printed")
        }
        let isUnconfirmed = application.issue?.stage == .cancelUnconfirmed
        demand(isUnconfirmed == (application.voiding?.cancelEnd != nil), "who ended the waiting is known")
        if application.remains == .skeleton || application.voiding?.wipedAt != nil {
            demand(application.applicant == nil && application.issue?.nonce.isEmpty ?? true, "wiped")
            demand(application.papers.allSatisfy { $0.digest == nil }, "no digest is left")
        }
        return wrong
    }
}
