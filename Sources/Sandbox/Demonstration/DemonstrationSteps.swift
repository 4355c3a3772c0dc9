internal import JPKIProfile
internal import PKIX
internal import SandboxAuthority

extension Demonstration {
    var steps: [Step] { verificationSteps + counterSteps + [auditStep] }

    private var auditStep: Step {
        Step(name: "audit", title: "The audit trail holds all of this and verifies") { try await auditTrail() }
    }

    private var verificationSteps: [Step] {
        [
            Step(name: "ocsp", title: "A card signs a challenge; verified, status by OCSP") {
                let reply = try await identify(.regular, .cardUserAuthentication, purpose: "login")
                return observe([reply], result: "valid", status: "good", rung: "ocsp")
            },
            Step(name: "crl", title: "The same by the municipality's list") {
                let reply = try await identify(
                    .regular, .cardUserAuthentication, purpose: "certificate_issuance", policy: "lists-first")
                return observe([reply], result: "valid", status: "good", rung: "fresh_crl")
            },
            Step(name: "smartphone", title: "A smartphone's certificate by its own responder") {
                let reply = try await identify(.androidPhone, .smartphoneUserAuthentication, purpose: "login")
                return observe([reply], result: "valid", status: "good", rung: "ocsp")
            },
            Step(name: "attributes", title: "The four attributes of a document signature (署名用)") {
                try await attributes()
            },
            Step(name: "moved", title: "The resident moves: 署名用 is revoked by both methods, 利用者証明用 stays good") {
                try await moved()
            },
            Step(name: "degraded", title: "The responder is down: the list answers, marked 縮退") {
                try await degraded()
            },
            Step(name: "stale", title: "Only a list that was issued stale: undetermined") { try await stale() },
            Step(name: "replay", title: "A replayed challenge is refused") { try await replay() },
        ]
    }

    private func attributes() async throws -> Observation {
        let resident = try sandbox.resident(.substituted)
        let reply = try await sign(resident, .cardDigitalSignature, Array("住民票の写し 1通".utf8))
        var observation = observe([reply], result: "valid", status: "good", rung: "ocsp")
        let names = ["name", "address", "birthdate", "gender"].filter { reply.text("claims.\($0)") != nil }
        observation.facts.append(("claims", names.joined(separator: ",")))
        observation.expect("all four attributes", names.count == 4)
        observation.expect(
            "the name as issued", reply.text("claims.name") == resident.person.attributes.name)
        return observation
    }

    private func moved() async throws -> Observation {
        var request = MintRequest()
        request.municipality = SandboxMunicipality.all[0]
        let resident = try sandbox.mint(request)
        let before = try await sign(resident, .cardDigitalSignature, [1])
        try sandbox.move(resident.id, to: SandboxMunicipality.all[1])
        try sandbox.publishLists()
        let refreshed = try await operators.post("/v1/crls/refresh")
        let byResponder = try await sign(resident, .cardDigitalSignature, [2])
        let byList = try await sign(resident, .cardDigitalSignature, [3], policy: "lists-first")
        let authentication = try await identify(
            resident, .cardUserAuthentication, purpose: "certificate_issuance", policy: "lists-first")
        var observation = observe([byResponder], result: "invalid", status: "revoked", rung: "ocsp")
        observation.facts.append(("refresh", String(refreshed.status)))
        observation.expect("good before the move", before.text("certificate_status.status") == "good")
        observation.expect("revoked by the list", byList.text("certificate_status.status") == "revoked")
        observation.expect("by the list", byList.text("certificate_status.method") == "crl")
        for reply in [byResponder, byList] {
            let reason = reply.text("certificate_status.revocation_reason")
            observation.expect("affiliationChanged", reason == "affiliationChanged")
            observation.expect("no attributes of a revoked certificate", reply.text("claims") == nil)
        }
        observation.expect("利用者証明用 is good", authentication.text("result") == "valid")
        return observation
    }

    private func degraded() async throws -> Observation {
        try sandbox.set(.down, on: .responder(.card))
        defer { sandbox.faults.clear(.responder(.card)) }
        let reply = try await identify(.regular, .cardUserAuthentication, purpose: "login")
        var observation = observe([reply], result: "valid", status: "good", rung: "fresh_crl")
        observation.facts.append(("degraded", reply.text("certificate_status.degraded") ?? "absent"))
        observation.expect("marked as degraded", (reply.value("certificate_status.degraded") as? Bool) == true)
        return observation
    }

    private func stale() async throws -> Observation {
        try sandbox.set(.down, on: .responder(.card))
        defer { sandbox.faults.clear(.responder(.card)) }
        var request = MintRequest()
        request.municipality = SandboxMunicipality.find(Demonstration.municipalityWithStaleLists)
        let resident = try sandbox.mint(request)
        let reply = try await identify(resident, .cardUserAuthentication, purpose: "login")
        var observation = observe([reply], result: "undetermined", status: "undetermined", rung: nil)
        let reason = reply.text("certificate_status.undetermined_reason")
        observation.facts.append(("reason", reason ?? "absent"))
        observation.expect("source_stale", reason == "source_stale")
        return observation
    }

    private func replay() async throws -> Observation {
        let resident = try sandbox.resident(.regular)
        let challenge = try await counter.post("/v1/challenges", ["purpose": "login"])
        let body = try answer(challenge, resident, .cardUserAuthentication, purpose: "login")
        let first = try await counter.post("/v1/verifications", body.json)
        let second = try await counter.post("/v1/verifications", body.json)
        var observation = observe([first], result: "valid", status: "good", rung: "ocsp")
        observation.facts += [("second", String(second.status)), ("code", second.text("code") ?? "absent")]
        observation.expect("409", second.status == 409)
        observation.expect("challenge_already_used", second.text("code") == "challenge_already_used")
        return observation
    }

    private func auditTrail() async throws -> Observation {
        let summary = try await audit()
        var observation = Observation()
        observation.facts = [("records", String(summary.records)), ("intact", String(summary.isIntact))]
        // Challenges and verifications of the steps above, and the refused replay.
        observation.expect("a record for each act", summary.records >= 18)
        observation.expect("an intact tree", summary.isIntact)
        return observation
    }
}
