import CounterApplications
import PKIX
import Testing

/// Every event in every situation.
@Suite struct StateMachineTests {
    private static let all = Set(Situation.allCases)
    private static let unreleased: Set<Situation> = [
        .open, .identified, .applied, .requested, .planned, .rendered, .holding, .held,
    ]
    private static let atCounter: Set<Situation> = unreleased.union([.releasing, .released, .lost, .ready, .paid])

    /// Each event with the situations in which it happens; everywhere else it is refused.
    static let table: [(name: String, event: CounterEvent, happensIn: Set<Situation>)] = [
        ("identified", .identified(Sample.applicant()), [.open]),
        ("not identified", .notIdentified(.resident(.protectedPerson)), [.open]),
        ("submitted", .submitted(Sample.order(), Sample.preparation(), Sample.plans()), [.identified]),
        ("resident's void", .voidRequested(.residentCancelled, by: .resident), unreleased),
        ("platform's void", .voidRequested(.timedOut, by: .platform), unreleased),
        ("clerk's void", .voidRequested(.spoilt, by: .staff(Sample.clerk)), atCounter),
        ("supervisor's void", .voidRequested(.spoilt, by: .staff(Sample.supervisor)), atCounter.union([.blocked])),
        ("auditor's void", .voidRequested(.spoilt, by: .staff(Sample.auditor)), []),
        ("stranger's void", .voidRequested(.spoilt, by: .staff(Sample.stranger)), []),
        ("issue sending", .issueSending, [.applied]),
        ("issue not sent", .issueNotSent, [.requested]),
        ("issue not received", .issueNotReceived, [.requested]),
        ("issue undecided", .issueUndecided, [.requested]),
        ("issue accepted", .issueAccepted(Sample.copy), [.requested]),
        ("issue refused", .issueRefused(.noEntry), [.requested]),
        ("issue mismatched", .issueMismatched([.recipient]), [.requested]),
        ("issue mismatched in nothing", .issueMismatched([]), []),
        ("issue cancelled", .issueCancelled, [.voiding, .voidingUnanswered]),
        ("issue cancel failed", .issueCancelFailed, [.voiding, .voidingUnanswered]),
        ("issue cancel given up too early", .issueCancelGivenUp, []),
        ("rendered", .rendered(Sample.rendered), [.planned]),
        ("rendering failed", .renderingFailed, [.planned]),
        ("holding", .holding(.certifiedCopy), [.rendered]),
        ("held", .held(.certifiedCopy, Sample.job(.certifiedCopy)), [.holding]),
        ("held at another printer", .held(.certifiedCopy, Sample.job(.receiptSlip)), []),
        ("not held", .notHeld(.certifiedCopy), [.holding]),
        ("hold undecided", .holdUndecided(.certifiedCopy), [.holding]),
        ("held a paper that is none", .held(.feeReceipt, Sample.job(.feeReceipt)), []),
        ("releasing", .releasing, [.held]),
        ("released", .released(.certifiedCopy), [.releasing]),
        ("release undecided", .releaseUndecided(.certifiedCopy), [.releasing]),
        ("completed", .observed(.certifiedCopy, PrintJobState(.completed)), [.released]),
        ("gone", .observed(.certifiedCopy, PrintJobState(.gone)), [.released]),
        ("stopped", .observed(.certifiedCopy, PrintJobState(.stopped, reasons: ["media-empty"])), [.released]),
        ("withdrawn", .withdrawn(.certifiedCopy, sheets: 0), [.voidingPapers]),
        ("withdrawn with fewer sheets than none", .withdrawn(.certifiedCopy, sheets: -1), []),
        ("withdrawal failed", .withdrawalFailed(.certifiedCopy), [.voidingPapers]),
        ("fee taken", .feeTaken(by: Sample.clerk), [.ready]),
        ("fee taken by an auditor", .feeTaken(by: Sample.auditor), []),
        ("fee taken by a stranger", .feeTaken(by: Sample.stranger), []),
        ("fee reduced", .feeReduced(Sample.reduced(150), by: Sample.clerk), [.ready]),
        ("fee reduced below nothing", .feeReduced(Sample.reduced(-1), by: Sample.clerk), []),
        (
            "fee reduced without a reason",
            .feeReduced(FeeQuote(perCopy: 1, copies: 1, exemption: nil), by: Sample.clerk),
            []
        ),
        ("handed over", .handedOver(receipt: Sample.reception(), copy: Sample.control(), by: Sample.clerk), [.paid]),
        (
            "handed over with another's receipt",
            .handedOver(receipt: Sample.reception(2), copy: Sample.control(), by: Sample.clerk), []
        ),
        (
            "handed over with another's certificate",
            .handedOver(receipt: Sample.reception(), copy: Sample.control(2), by: Sample.supervisor), []
        ),
        (
            "handed over by a stranger",
            .handedOver(receipt: Sample.reception(), copy: Sample.control(), by: Sample.stranger), []
        ),
        (
            "blocked", .blocked(.crossedPapers, other: nil, by: Sample.clerk),
            [.releasing, .released, .lost, .ready, .paid, .blocked]
        ),
        ("cleared by a clerk", .cleared(by: Sample.clerk), []),
        ("cleared by a supervisor", .cleared(by: Sample.supervisor), [.blocked]),
        ("reprinted by a clerk", .reprinted(.certifiedCopy, token: "t9", sheets: nil, by: Sample.clerk), []),
        (
            "reprinted by a supervisor", .reprinted(.certifiedCopy, token: "t9", sheets: nil, by: Sample.supervisor),
            [.lost, .ready, .paid]
        ),
        (
            "reprinted under a used token", .reprinted(.certifiedCopy, token: "t2", sheets: nil, by: Sample.supervisor),
            []
        ),
        ("receipt renewed where none was printed", .receiptRenewed(token: "t9", by: Sample.clerk), []),
        ("cancel ended by a clerk", .cancelEnded(.cancelledThere, by: Sample.clerk), []),
        ("cancel ended by a stranger", .cancelEnded(.cancelledThere, by: Sample.stranger), []),
        ("cancel ended by a supervisor", .cancelEnded(.cancelledThere, by: Sample.supervisor), [.voidingUnanswered]),
        ("cancel ended as the platform ends it", .cancelEnded(.unanswered, by: Sample.supervisor), []),
        ("documents deleted", .documentsDeleted, [.handedOver, .voided]),
        ("deletion failed", .deletionFailed, [.handedOver, .voided]),
        ("time passed", .timePassed, []),
        ("service ended too early", .serviceEnded, []),
        ("wiped too early", .wiped, []),
    ]

    @Test("Every event in every situation happens exactly where the table says", arguments: Situation.allCases)
    func table(_ situation: Situation) throws {
        let (application, time) = situation.application()
        for row in StateMachineTests.table {
            let next = time.advanced(bySeconds: 1)
            do throws(CounterRefusal) {
                let transition = try application.applying(row.event, at: next)
                #expect(row.happensIn.contains(situation), "\(row.name) happened in \(situation)")
                #expect(transition.application.version == application.version + 1)
                #expect(transition.application.id == application.id)
            } catch {
                #expect(!row.happensIn.contains(situation), "\(row.name) was refused in \(situation): \(error)")
            }
        }
    }

    @Test("Each situation is in the state that its name says, and says what is to be done")
    func actions() {
        let expected: [Situation: (CounterApplication.State, [CounterAction])] = [
            .open: (.open, []), .identified: (.identified, []), .applied: (.applied, [.issue]),
            .requested: (.requested, [.askIssuer]), .planned: (.issued, [.render]),
            .rendered: (.issued, Sample.kinds.map { .hold($0) }),
            .holding: (.issued, Sample.kinds.map { .findJob($0) }), .held: (.issued, [.releasePapers]),
            .releasing: (.printing, Sample.kinds.map { .release($0) }),
            .released: (.printing, Sample.kinds.map { .watch($0) }),
            .lost: (.printing, [.watch(.receiptSlip), .watch(.applicationForm)]), .ready: (.ready, []),
            .paid: (.ready, []), .blocked: (.ready, []), .handedOver: (.handedOver, [.deleteDocuments]),
            .handedOverKept: (.handedOver, [.wipe]), .skeleton: (.handedOver, []),
            .voiding: (.voiding, [.cancelIssue]), .voidingUnanswered: (.voiding, [.cancelIssue]),
            .voidingPapers: (.voiding, Sample.kinds.map { .withdraw($0) }), .voided: (.voided, [.deleteDocuments]),
        ]
        for situation in Situation.allCases {
            let (application, _) = situation.application()
            #expect(application.state == expected[situation]?.0, "\(situation)")
            #expect(application.actions == expected[situation]?.1, "\(situation)")
        }
    }

    @Test("What runs out is taken back whole, and nothing runs out once papers are released")
    func deadlines() throws {
        for situation in Situation.allCases {
            let (application, time) = situation.application()
            let late = time.advanced(bySeconds: 86_000)
            let isTimed = application.deadline != nil
            #expect(isTimed == StateMachineTests.unreleased.contains(situation), "\(situation)")
            let voided = try? application.applying(.timePassed, at: late).application
            #expect((voided != nil) == isTimed)
            if let voided {
                #expect(voided.voiding?.reason == .timedOut)
                #expect(voided.state == (voided.actions == [.deleteDocuments] ? .voided : .voiding))
            }
        }
    }

    @Test("The token of a former printing is never that of another")
    func formerToken() throws {
        var (application, time) = Situation.lost.application()
        let again: [CounterEvent] = [
            .reprinted(.certifiedCopy, token: "t9", sheets: 0, by: Sample.supervisor), .holding(.certifiedCopy),
            .held(.certifiedCopy, Sample.job(.certifiedCopy)), .releasing, .released(.certifiedCopy),
            .observed(.certifiedCopy, PrintJobState(.aborted)),
        ]
        for event in again {
            time = time.advanced(bySeconds: 1)
            application = try application.applying(event, at: time).application
        }
        for token in ["t2", "t9"] {
            #expect(throws: CounterRefusal.invalidEvent) {
                try application.applying(
                    .reprinted(.certifiedCopy, token: token, sheets: 0, by: Sample.supervisor), at: time)
            }
        }
    }

    /// Ready, with a 領収書 of 600 yen among its papers.
    private func readyWithReceipt() throws -> (CounterApplication, ValidationTime) {
        let kinds = Sample.kinds + [.feeReceipt]
        let receipt = PaperPlan(kind: .feeReceipt, target: Sample.plain, stock: .plain, copies: 1, token: "t4")
        let drawn = RenderedPaper(kind: .feeReceipt, digest: Sample.octets(32, 4), pages: 1)
        var (application, time) = Situation.identified.application()
        let path: [CounterEvent] =
            [
                .submitted(Sample.order(), Sample.preparation(), Sample.plans() + [receipt]), .issueSending,
                .issueAccepted(Sample.copy), .rendered(Sample.rendered + [drawn]),
            ] + kinds.map { .holding($0) } + kinds.map { .held($0, Sample.job($0)) } + [.releasing]
            + kinds.map { .released($0) } + kinds.map { .observed($0, PrintJobState(.completed)) }
        for event in path {
            time = time.advanced(bySeconds: 1)
            application = try application.applying(event, at: time).application
        }
        return (application, time)
    }

    @Test("A 領収書 over another amount than was taken is printed anew, alone and once; what cannot be drawn is lost")
    func renewedReceipt() throws {
        var (application, time) = try readyWithReceipt()
        let renewal = CounterEvent.receiptRenewed(token: "t9", by: Sample.clerk)
        func refusal(_ event: CounterEvent) -> CounterRefusal? {
            do throws(CounterRefusal) { _ = try application.applying(event, at: time) } catch { return error }
            return nil
        }
        #expect(application.statedAmount == 600 && !application.doesReceiptDiffer && refusal(renewal) == .wrongState)
        application = try application.applying(
            .feeReduced(Sample.reduced(150), by: Sample.clerk), at: time
        ).application
        #expect(application.doesReceiptDiffer && application.isReceiptRenewable)
        #expect(refusal(.receiptRenewed(token: "t4", by: Sample.clerk)) == .invalidEvent)
        #expect(refusal(.receiptRenewed(token: "", by: Sample.clerk)) == .invalidEvent)
        #expect(refusal(.receiptRenewed(token: "t9", by: Sample.auditor)) == .notAllowed)
        let transition = try application.applying(renewal, at: time)
        application = transition.application
        #expect(transition.sheets.isEmpty && application.statedAmount == 300 && !application.doesReceiptDiffer)
        #expect(application.state == .printing && application.actions == [.render])
        #expect(application.paper(.feeReceipt)?.formerTokens == ["t4"])
        // What cannot be drawn takes no other paper back; a supervisor has it drawn again.
        application = try application.applying(.renderingFailed, at: time).application
        #expect(application.state == .printing && application.paper(.feeReceipt)?.stage == .lost)
        application = try application.applying(
            .reprinted(.feeReceipt, token: "t10", sheets: nil, by: Sample.supervisor), at: time
        ).application
        #expect(application.actions == [.render])
        let steps: [CounterEvent] = [
            .rendered([RenderedPaper(kind: .feeReceipt, digest: Sample.octets(32, 5), pages: 1)]),
            .holding(.feeReceipt), .held(.feeReceipt, Sample.job(.feeReceipt)), .releasing, .released(.feeReceipt),
            .observed(.feeReceipt, PrintJobState(.completed)),
        ]
        for step in steps { application = try application.applying(step, at: time).application }
        #expect(application.state == .ready && refusal(.receiptRenewed(token: "t11", by: Sample.clerk)) == .wrongState)
        #expect(application.paper(.feeReceipt)?.spoiltSheets == 1 && application.paper(.feeReceipt)?.usedSheets == 1)
        #expect(application.papers.filter { $0.kind != .feeReceipt }.allSatisfy { $0.formerTokens.isEmpty })
    }

    @Test("An issuer that never says is asked for 30 days, and no longer")
    func givenUp() throws {
        let (application, time) = Situation.voidingUnanswered.application()
        let late = time.advanced(bySeconds: CounterApplication.mostCancellingSeconds)
        let ended = try application.applying(.issueCancelGivenUp, at: late).application
        #expect(ended.state == .voided && ended.voiding?.cancelEnd?.reason == .unanswered && ended.giveUpAt == nil)
    }

    @Test("Papers of a municipality that is served no more are taken back after a week, and nothing else is")
    func serviceEnds() throws {
        for situation in Situation.allCases {
            let (application, time) = situation.application()
            let late = time.advanced(bySeconds: 7 * 86_400)
            let voided = try? application.applying(.serviceEnded, at: late).application
            let isPrinted: Set<Situation> = [.releasing, .released, .lost, .ready, .paid, .blocked]
            #expect((voided != nil) == isPrinted.contains(situation), "\(situation)")
            #expect(voided.map { $0.state == .voiding && $0.voiding?.reason == .notCollected } ?? true)
            #expect(voided?.fee?.state != .paid)
        }
    }

    @Test("What is void loses its personal data by retention, whatever is outstanding, and goes on to its end")
    func wipedUnfinished() throws {
        for situation in [Situation.voiding, .voidingUnanswered, .voidingPapers] {
            var (application, time) = situation.application()
            #expect(throws: CounterRefusal.wrongState) { try application.applying(.wiped, at: time) }
            time = time.advanced(bySeconds: 86_401)
            let actions = application.actions
            application = try application.applying(.wiped, at: time).application
            #expect(application.state == .voiding && application.actions == actions && application.applicant == nil)
            #expect(application.voiding?.wipedAt != nil && application.dueAt != nil)
            #expect(throws: CounterRefusal.wrongState) { try application.applying(.wiped, at: time) }
        }
    }

    @Test("An idle terminal's next step is refused even before the clean-up has come")
    func idle() {
        let (application, time) = Situation.identified.application()
        let late = time.advanced(bySeconds: 181)
        #expect(throws: CounterRefusal.expired) {
            try application.applying(.submitted(Sample.order(), Sample.preparation(), Sample.plans()), at: late)
        }
    }

    @Test("Rendered octets that are not those of the judged answer are refused")
    func foreignOctets() {
        let (application, time) = Situation.planned.application()
        var papers = Sample.rendered
        papers[1] = RenderedPaper(kind: .certifiedCopy, digest: Sample.octets(32, 5), pages: 3)
        #expect(throws: CounterRefusal.invalidEvent) { try application.applying(.rendered(papers), at: time) }
        #expect(throws: CounterRefusal.invalidEvent) {
            try application.applying(.rendered(Array(Sample.rendered.dropLast())), at: time)
        }
    }

    @Test("Every sheet is accounted for: a jam, a reprint, a void after the fee")
    func sheets() throws {
        // Three pages on both sides, two copies: four sheets.
        var (application, time) = Situation.lost.application()
        var sums = (used: 0, spoilt: 1)
        let steps: [CounterEvent] = [
            .reprinted(.certifiedCopy, token: "t9", sheets: 3, by: Sample.supervisor), .holding(.certifiedCopy),
            .held(.certifiedCopy, Sample.job(.certifiedCopy)), .releasing, .released(.certifiedCopy),
            .observed(.certifiedCopy, PrintJobState(.completed)), .observed(.receiptSlip, PrintJobState(.completed)),
            .observed(.applicationForm, PrintJobState(.completed)), .feeTaken(by: Sample.clerk),
            .voidRequested(.spoilt, by: .staff(Sample.clerk)),
        ]
        for step in steps {
            time = time.advanced(bySeconds: 1)
            let transition = try application.applying(step, at: time)
            application = transition.application
            for movement in transition.sheets {
                #expect(movement.printer == "counter" && movement.tray == "tray-2")
                sums = (sums.used + movement.used, sums.spoilt + movement.spoilt)
            }
            if step == .feeTaken(by: Sample.clerk) { #expect(sums == (4, 3)) }
        }
        #expect(sums == (0, 7))
        #expect(application.fee?.state == .reversed)
        #expect(application.state == .voiding && application.actions == [.cancelIssue])
    }

    @Test("After the wiping no personal data is left, and the counts are")
    func skeleton() throws {
        let (application, _) = Situation.skeleton.application()
        #expect(application.applicant == nil && application.issueRequest == nil)
        #expect(application.order?.order.scope.members.isEmpty == true)
        #expect(application.papers.allSatisfy { $0.digest == nil } && application.issue?.nonce == [])
        #expect(application.order?.fee.total == 600 && application.fee?.state == .paid)
        #expect(application.papers.map(\.usedSheets).reduce(0, +) == 6)
        #expect(application.dueAt == nil)
    }
}
