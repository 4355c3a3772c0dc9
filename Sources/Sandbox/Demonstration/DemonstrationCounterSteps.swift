internal import CounterApplications
internal import SandboxAuthority
internal import SandboxPrinters

extension Demonstration {
    /// Those who have applied and have not got their certificate, from one step to the next.
    actor Waiting {
        private var applicants: [DemonstrationApplicant] = []

        func enter(_ applicant: DemonstrationApplicant) { applicants.append(applicant) }
        func next() -> DemonstrationApplicant? { applicants.isEmpty ? nil : applicants.removeFirst() }
    }

    private static let clerk = "E1-992011"
    private static let supervisor = "S1-992011"
    private static let password = "demonstration of a day"

    /// 窓口申請; left out, and said so, where there is nothing to print with.
    var counterSteps: [Step] {
        let waiting = Waiting()
        let steps: [(String, String, @Sendable (DemonstrationCounter) async throws -> Observation)] = [
            (
                "counter", "Two residents apply at the counter: 受付票 at one printer, 証明書・申請書・領収書 at the other",
                { try await applied(waiting, at: $0) }
            ),
            (
                "hand_over", "Staff hand a certificate over by the codes of 受付票 and 証明書, and take the fee",
                { try await handedOver(waiting, at: $0) }
            ),
            (
                "crossed", "Papers of two residents are crossed: both blocked until a supervisor clears them",
                { try await crossed(waiting, at: $0) }
            ),
        ]
        return steps.map { name, title, body in
            Step(name: name, title: title) {
                switch counterAvailability {
                case .present(let counter): try await body(counter)
                case .absent(let reason): Observation(leftOut: reason)
                }
            }
        }
    }

    private func applied(_ waiting: Waiting, at counter: DemonstrationCounter) async throws -> Observation {
        async let one = apply(Order(resident: .regular, procedure: "juminhyo", details: ["relationship"]), at: counter)
        async let other = apply(Order(resident: .variationSelector, procedure: "inkan"), at: counter)
        let applicants = [try await one, try await other]
        let printed = counter.printed()
        var observation = Observation()
        observation.facts = [
            ("states", applicants.map(\.state).joined(separator: ",")),
            ("slips", String(counter.spooler.printed(.slips).count)),
            ("inside", String(counter.spooler.printed(.counter).count)),
        ]
        observation.facts += DemonstrationApplicant.papers.map { paper in
            (paper.kind.rawValue, String((applicants.first?.digests[paper.kind.rawValue] ?? "none").prefix(16)))
        }
        observation.expect("both ready", applicants.allSatisfy { $0.state == "ready" })
        observation.expect(
            "each paper printed once, octet for octet, at its printer",
            applicants.allSatisfy { $0.papersAre(in: printed) })
        observation.expect(
            "nothing else printed", printed.values.joined().count == 2 * DemonstrationApplicant.papers.count)
        observation.expect(
            "the number on the 受付票 is the terminal's",
            applicants.allSatisfy { !$0.slipCode.isEmpty && PaperCode($0.slipCode) == PaperCode($0.receptionNumber) })
        observation.expect(
            "each certificate has a code of its own",
            applicants.allSatisfy { !$0.certificateCode.isEmpty } && Set(applicants.map(\.certificateCode)).count == 2)
        for applicant in applicants { await waiting.enter(applicant) }
        return observation
    }

    private func handedOver(_ waiting: Waiting, at counter: DemonstrationCounter) async throws -> Observation {
        var observation = Observation()
        guard let applicant = await waiting.next() else { return observation.failing("somebody waits") }
        let clerk = try await signIn(Demonstration.clerk, at: counter)
        let queue = try await clerk.get("/queue")
        let scanned = try await handOver(applicant.slipCode, nil, by: clerk)
        let done = try await handOver(applicant.slipCode, applicant.certificateCode, by: clerk)
        let again = try await handOver(applicant.slipCode, applicant.certificateCode, by: clerk)
        await clerk.close()
        let session = try await state(of: applicant)
        observation.facts = [
            ("state", session.text("state") ?? "absent"), ("fee", session.text("fee.amount") ?? "absent"),
            ("fee_state", session.text("fee.state") ?? "absent"), ("second_time", String(again.status)),
        ]
        observation.expect("in the queue", queue.text.contains(applicant.receptionNumber))
        observation.expect("asks for the second code", scanned.text.contains("name=\"copy\""))
        observation.expect("done", done.status == 200 && done.text.contains("class=\"done\""))
        observation.expect("handed over", session.text("state") == "handed_over")
        observation.expect("the fee is paid", session.text("fee.state") == "paid")
        observation.expect("once", again.status == 409)
        return observation
    }

    private func crossed(_ waiting: Waiting, at counter: DemonstrationCounter) async throws -> Observation {
        var observation = Observation()
        let newcomer = try await apply(Order(resident: .formerName, procedure: "fuhyo"), at: counter)
        guard let one = await waiting.next() else { return observation.failing("somebody waits") }
        let clerk = try await signIn(Demonstration.clerk, at: counter)
        let mixed = try await handOver(one.slipCode, newcomer.certificateCode, by: clerk)
        let right = try await handOver(one.slipCode, one.certificateCode, by: clerk)
        let alone = try await clear(one, by: clerk)
        let between = [try await state(of: one), try await state(of: newcomer)]
        let supervisor = try await signIn(Demonstration.supervisor, at: counter)
        let cleared = [try await clear(one, by: supervisor), try await clear(newcomer, by: supervisor)]
        await supervisor.close()
        _ = try await handOver(one.slipCode, one.certificateCode, by: clerk)
        _ = try await handOver(newcomer.slipCode, newcomer.certificateCode, by: clerk)
        await clerk.close()
        let after = [try await state(of: one), try await state(of: newcomer)]
        observation.facts = [
            ("crossed", String(mixed.status)), ("right_pair", String(right.status)),
            ("clerk_alone", String(alone.status)),
            ("supervisor", cleared.map { "\($0.status)" }.joined(separator: ",")),
            ("states", after.map { $0.text("state") ?? "absent" }.joined(separator: ",")),
        ]
        let ids = [one.id, newcomer.id]
        observation.expect(
            "the crossing names both", mixed.status == 409 && ids.allSatisfy { mixed.text.contains($0) })
        observation.expect(
            "blocked for the right pair too", right.status != 200 || !right.text.contains("class=\"done\""))
        observation.expect("a clerk alone cannot clear", alone.status == 403)
        observation.expect(
            "nothing handed over meanwhile",
            between.allSatisfy { $0.text("state") == "ready" && $0.text("fee.state") == "due" })
        observation.expect("the supervisor clears both", cleared.allSatisfy { $0.status == 200 })
        observation.expect("then each gets their own", after.allSatisfy { $0.text("state") == "handed_over" })
        return observation
    }
}

/// At the staff's pages.
extension Demonstration {
    private func signIn(_ member: String, at counter: DemonstrationCounter) async throws -> StaffBrowser {
        // A new authenticator each time: a code counts once, and the next is thirty seconds away.
        let secret = try await counter.enrol(member, Demonstration.password)
        return try await StaffBrowser(
            at: counter.staffURL, authorities: authorities, member: member, password: Demonstration.password,
            secret: secret)
    }

    /// Scans the 受付票, or both codes and takes the fee.
    private func handOver(_ slip: String, _ copy: String?, by clerk: StaffBrowser) async throws -> StaffBrowser.Page {
        var fields = ["receipt": slip]
        if let copy { fields.merge(["copy": copy, "fee": "taken"]) { $1 } }
        return try await clerk.post("/hand-over", fields, from: clerk.get("/hand-over"))
    }

    private func clear(_ applicant: DemonstrationApplicant, by member: StaffBrowser) async throws -> StaffBrowser.Page {
        let page = try await member.get("/applications/\(applicant.id)")
        return try await member.post(
            "/applications/\(applicant.id)/clear", ["version": page.version], from: page)
    }
}

extension Demonstration.Observation {
    fileprivate func failing(_ text: String) -> Self {
        var observation = self
        observation.expect(text, false)
        return observation
    }
}
