import CounterApplications
import CounterService
import JPKIProfile
import PKIX
import SandboxAuthority
import Synchronization
import SystemClock
import Testing
import Verification

/// Identifications at the counter with real certificates, signatures and responders.
@Suite struct IdentificationTests {
    private func state(_ bench: IdentificationBench, _ application: CounterApplication) async throws -> String {
        let now = try await bench.counter.fresh(application)
        return now.state.rawValue + (now.voiding.map { " " + $0.reason.rawValue } ?? "")
    }

    /// Nobody was identified, the application is voided, and the register was not asked.
    private func expectRefused(
        _ bench: IdentificationBench,
        _ application: CounterApplication,
        _ proof: VerificationRequest,
        _ refusal: IdentificationRefusal = .notVerified
    ) async throws {
        let answer = try await bench.identify(application, proof)
        #expect(answer.refusal == refusal)
        #expect(answer.application.applicant == nil)
        #expect(try await state(bench, application) == "voided not_identified")
        #expect(bench.table.queries.isEmpty)
    }

    @Test("A card's answer to its own challenge identifies its holder, and the order goes on from there")
    func identified() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let answer = try await bench.identify(application, try bench.proof(challenge))
        #expect(answer.refusal == nil && answer.application.state == .identified)
        let identification = try #require(answer.application.applicant?.identification)
        #expect(identification.certificateKind == "card_user_authentication" && identification.rung == "ocsp")
        #expect(identification.policyID == "online-only" && identification.service == .normal)
        #expect(answer.application.applicant?.resident == Sample.resident())
        let query = try #require(bench.table.queries.first)
        #expect(bench.table.queries.count == 1 && query.municipality == Sample.city)
        let ordered = try await bench.terminal.submit(
            application.id, CounterBench.order(), version: nil, bench.counter.context())
        #expect(ordered.state == .applied)
    }

    @Test("A telephone identifies too")
    func telephone() async throws {
        let bench = try IdentificationBench()
        try bench.link(.androidPhone, kind: .smartphoneUserAuthentication)
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge, by: .androidPhone, kind: .smartphoneUserAuthentication)
        #expect(try await bench.identify(application, proof).application.state == .identified)
    }

    @Test("Another application's challenge is none here: nothing is verified, and both applications stay open")
    func otherChallenge() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (first, _) = try await bench.open()
        let (second, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        await #expect(throws: CounterError.verification(.challengeNotFound)) {
            try await bench.identify(first, proof)
        }
        #expect(try await state(bench, first) == "open")
        #expect(try await bench.identify(second, proof).application.state == .identified)
    }

    @Test("A signature over another challenge under this one's id is not verified, and voids the application")
    func otherSignature() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (_, former) = try await bench.open()
        let (application, challenge) = try await bench.open()
        var proof = try bench.proof(former)
        proof.challengeID = challenge.id
        try await expectRefused(bench, application, proof)
    }

    @Test("A revoked, an expired and a never issued certificate identify nobody")
    func notGood() async throws {
        let bench = try IdentificationBench()
        for archetype in [Archetype.regular, .expired, .neverIssued] {
            try bench.link(archetype)
            if archetype == .regular {
                try bench.sandbox.revoke(
                    archetype.rawValue, kind: .cardUserAuthentication, reason: .keyCompromise)
            }
            let (application, challenge) = try await bench.open()
            try await expectRefused(bench, application, try bench.proof(challenge, by: archetype))
        }
    }

    @Test("A status that nobody knows is not good: the responder is away, or answers with another's key")
    func undetermined() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        for fault in [Fault.down, .tryLater, .wrongKey, .stale, .malformed] {
            try bench.sandbox.set(fault, on: .responder(.card))
            let (application, challenge) = try await bench.open()
            try await expectRefused(bench, application, try bench.proof(challenge))
        }
        bench.sandbox.faults.clearAll()
        let (application, challenge) = try await bench.open()
        #expect(try await bench.identify(application, try bench.proof(challenge)).application.state == .identified)
    }

    @Test("A certificate for signatures is none for identification")
    func signatureCertificate() async throws {
        let bench = try IdentificationBench()
        try bench.link(kind: .cardDigitalSignature)
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge, kind: .cardDigitalSignature)
        try await expectRefused(bench, application, proof, .wrongCertificate)
    }

    @Test("Whoever the municipality's register does not serve is voided with the reason for staff alone")
    func notServed() async throws {
        let bench = try IdentificationBench()
        let answers: [(ResidentLookupAnswer, IdentificationRefusal)] = [
            (.refused(.movedOut), .resident(.movedOut)), (.refused(.protectedPerson), .resident(.protectedPerson)),
            (.failed(.timedOut), .registerUnavailable),
        ]
        // Another municipality's resident is in no table here.
        let (foreign, foreignChallenge) = try await bench.open()
        let unlinked = try await bench.identify(foreign, try bench.proof(foreignChallenge))
        #expect(unlinked.refusal == .resident(.notLinked))
        for (answer, refusal) in answers {
            try bench.link(to: answer)
            let (application, challenge) = try await bench.open()
            #expect(try await bench.identify(application, try bench.proof(challenge)).refusal == refusal)
            #expect(try await state(bench, application) == "voided not_identified")
            // By the number on the resident's page the clerk finds the application with its reason.
            let found = try await bench.counter.desk().find(application.receptionNumber.printed, by: Sample.clerk)
            #expect(found.id == application.id && found.voiding?.identification == refusal)
        }
        let refusals = bench.counter.store.state.withLock { state in
            state.audit.filter { $0.kind == .counterIdentificationRefused }.map(\.result)
        }
        #expect(refusals == ["not_linked", "moved_out", "protected_person", "register_unavailable"])
    }

    @Test(
        "A register that hangs is asked four times; whoever comes then is told before the card, and neighbours are served"
    )
    func hangingRegister() async throws {
        let bench = try IdentificationBench()
        try bench.link(to: .failed(.timedOut))
        try bench.link(.largeHousehold)
        // Two who stand at the page when it begins.
        let (early, earlyChallenge) = try await bench.open(at: "kiosk-2")
        for _ in 0..<4 {
            let (application, challenge) = try await bench.open()
            #expect(try await bench.identify(application, try bench.proof(challenge)).refusal == .registerUnavailable)
        }
        #expect(bench.table.deadlines == Array(repeating: IdentificationBench.issuerSeconds, count: 4))
        await #expect(throws: CounterError.issuerUnavailable) { try await bench.open() }
        let desk = CounterDesk(
            ports: bench.counter.ports(), settings: { bench.counter.settings }, wake: { _ in },
            logger: CounterBench.silent, breaker: bench.counter.breaker)
        #expect(desk.conditions(for: Sample.clerk) == [.issuerAway])
        // Nobody waits for it after the 暗証番号 either.
        let late = try await bench.identify(early, try bench.proof(earlyChallenge), at: "kiosk-2")
        #expect(late.refusal == .registerUnavailable && bench.table.queries.count == 4)
        #expect(try await state(bench, early) == "voided not_identified")
        let (abroad, other) = try await bench.open(of: Sample.otherCity)
        let answer = try await bench.terminal.identify(
            abroad.id, try bench.proof(other, by: .largeHousehold), procedureID: nil,
            bench.counter.context(of: Sample.otherCity))
        #expect(answer.application.state == .identified && bench.table.queries.count == 5)
        // It answers again: who comes after the pause is served, and everybody else is.
        try bench.link()
        bench.counter.clock.advance(bySeconds: 5)
        // Until it has answered, staff read that it is away.
        #expect(desk.conditions(for: Sample.clerk) == [.issuerAway])
        for _ in 0..<2 {
            let (application, challenge) = try await bench.open()
            #expect(try await bench.identify(application, try bench.proof(challenge)).refusal == nil)
        }
        #expect(desk.conditions(for: Sample.clerk).isEmpty)
    }

    @Test("A register that answers, whatever it answers, is no register that is away")
    func refusingRegister() async throws {
        let bench = try IdentificationBench()
        try bench.link(to: .refused(.movedOut))
        for _ in 0..<6 {
            let (application, challenge) = try await bench.open()
            let refusal = try await bench.identify(application, try bench.proof(challenge)).refusal
            #expect(refusal == .resident(.movedOut))
        }
        #expect(!bench.counter.breaker.isOpen(Sample.city, at: bench.counter.clock.reading().now))
    }

    @Test("Who was identified under one procedure's freshness does not order what asks for a stricter one")
    func stricterPolicy() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        for lax in ["juminhyo", nil] as [String?] {
            let (application, challenge) = try await bench.open()
            let found = try await bench.identify(application, try bench.proof(challenge), for: lax).application
            #expect(found.applicant?.identification.policyID == "online-only")
            await #expect(throws: CounterError.identificationPolicy) {
                try await bench.terminal.submit(
                    application.id, CounterBench.order("inkan"), version: nil, bench.counter.context())
            }
            // Nothing has happened: what was chosen can still be ordered.
            #expect(try await bench.counter.fresh(application) == found)
            let ordered = try await bench.terminal.submit(
                application.id, CounterBench.order(), version: nil, bench.counter.context())
            #expect(ordered.state == .applied)
        }
        let (application, challenge) = try await bench.open()
        let found = try await bench.identify(application, try bench.proof(challenge), for: "inkan").application
        #expect(found.applicant?.identification.policyID == "just-now")
        let ordered = try await bench.terminal.submit(
            application.id, CounterBench.order("inkan"), version: nil, bench.counter.context())
        #expect(ordered.state == .applied && ordered.order?.order.kind == .sealRegistration)
    }

    @Test("Another terminal's application, and another municipality's, look like none")
    func otherPlace() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        await #expect(throws: CounterError.notFound) { try await bench.identify(application, proof, at: "kiosk-2") }
        await #expect(throws: CounterError.notFound) {
            try await bench.terminal.identify(
                application.id, proof, procedureID: nil, bench.counter.context(of: Sample.otherCity))
        }
        #expect(try await state(bench, application) == "open")
        // The right terminal of another municipality: its own table is asked, where the card is not.
        let (abroad, other) = try await bench.open(of: Sample.otherCity)
        let answer = try await bench.terminal.identify(
            abroad.id, try bench.proof(other), procedureID: nil, bench.counter.context(of: Sample.otherCity))
        #expect(answer.application.state == .identified || answer.refusal == .resident(.notLinked))
        #expect(bench.table.queries.last?.municipality == Sample.otherCity)
    }

    @Test("The same answer once more changes nothing: the application is identified, and the challenge is used")
    func replay() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        let first = try await bench.identify(application, proof).application
        await #expect(throws: CounterError.refused(.wrongState)) { try await bench.identify(application, proof) }
        #expect(try await bench.counter.fresh(application) == first)
        #expect(bench.table.queries.count == 1)
    }

    @Test("The same answer twice at once identifies once")
    func twiceAtOnce() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        let identified = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let answer = try? await bench.identify(application, proof)
                    return answer?.application.state == .identified
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(identified == 1)
        #expect(try await state(bench, application) == "identified")
        #expect(bench.table.queries.count == 1)
    }

    @Test("Too late is too late: the challenge's time, then the application's")
    func expired() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        bench.counter.clock.advance(bySeconds: 121)
        await #expect(throws: CounterError.verification(.challengeExpired)) {
            try await bench.identify(application, proof)
        }
        bench.counter.clock.advance(bySeconds: 60)
        await #expect(throws: CounterError.refused(.expired)) { try await bench.identify(application, proof) }
        try await bench.counter.drive()
        #expect(try await state(bench, application).hasPrefix("void"))
        await #expect(throws: CounterError.refused(.wrongState)) { try await bench.identify(application, proof) }
        #expect(bench.table.queries.isEmpty)
    }

    @Test("A procedure that is not offered is not looked for by its policy")
    func unknownProcedure() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let proof = try bench.proof(challenge)
        await #expect(throws: CounterError.order(.unknownProcedure)) {
            try await bench.terminal.identify(
                application.id, proof, procedureID: "nothing", bench.counter.context())
        }
    }

    @Test("Of the own household the terminal learns names and places alone, and orders by these")
    func household() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let answer = try await bench.identify(application, try bench.proof(challenge))
        #expect(answer.household.map(\.id) == ["m1", "m2"])
        #expect(answer.household.map(\.name) == ["見本 花子", "見本 太郎"])
        var order = CounterBench.order()
        for wrong in [[], ["m3"], ["m0"], ["m-1"], ["m1", "m1"], ["m1", "R-000017"]] {
            order.scope = .selected(wrong)
            let attempt = order
            await #expect(throws: CounterError.order(.members)) {
                try await bench.terminal.submit(application.id, attempt, version: nil, bench.counter.context())
            }
        }
        order.scope = .selected(["m2", "m1"])
        let ordered = try await bench.terminal.submit(application.id, order, version: nil, bench.counter.context())
        // The register's own references, in its own order.
        #expect(ordered.issueRequest?.order.scope == .selected(["m-1", "m-2"]))
    }

    @Test("A household is given for a procedure that was chosen and offers a part of it, and for nothing else")
    func householdOnlyWhereChosen() async throws {
        let bench = try IdentificationBench()
        try bench.link()
        let (application, challenge) = try await bench.open()
        let unchosen = try await bench.terminal.identify(
            application.id, try bench.proof(challenge), procedureID: nil, bench.counter.context())
        #expect(unchosen.application.state == .identified && unchosen.household.isEmpty)
        // Whoever is not identified learns nobody's name.
        try bench.link(to: .refused(.protectedPerson))
        let (refused, other) = try await bench.open()
        #expect(try await bench.identify(refused, try bench.proof(other)).household.isEmpty)
    }
}
