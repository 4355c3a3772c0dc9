import Demonstration
import Foundation
import JPKIProfile
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SignatureAlgorithms
import WireFormat

/// A thousand residents who log in at once, some of whom go away before they have their answer.
struct Crowd: Sendable {
    struct Member: Sendable {
        let resident: Resident
        let certificate: Certificate
        /// Nil for a certificate that is good.
        let revocation: RevocationReason?
        /// When its client gives up, if it does.
        let patience: Duration?
    }

    enum Ending: Sendable {
        case answered(AnswerBody)
        case leftEarly
        case failed(String)
    }

    let members: [Member]

    /// Every fifth is revoked, for one of four reasons, so that an answer given to the wrong question shows; every
    /// third loses patience at a time that `seed` draws.
    static func gather(_ count: Int, in town: Town, seed: UInt64) async throws -> Crowd {
        var requests = [MintRequest](repeating: MintRequest(), count: count)
        for index in requests.indices {
            requests[index].municipality = SandboxMunicipality.all[index % 2]
            requests[index].kinds = [.cardUserAuthentication]
        }
        let reasons: [RevocationReason] = [.keyCompromise, .superseded, .cessationOfOperation, .affiliationChanged]
        var state = seed
        func draw(below bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var members: [Member] = []
        for (index, resident) in try await town.sandbox.mint(requests).enumerated() {
            guard let own = resident.certificate(.cardUserAuthentication) else { continue }
            let reason = index % 5 == 0 ? reasons[index / 5 % reasons.count] : nil
            if let reason { try town.sandbox.revoke(resident.id, kind: .cardUserAuthentication, reason: reason) }
            members.append(
                Member(
                    resident: resident, certificate: own.certificate, revocation: reason,
                    patience: index % 3 == 0 ? .milliseconds(Int64(draw(below: 2_500))) : nil))
        }
        // Both methods say the same, so that it does not matter which one answers.
        try town.sandbox.publishLists()
        _ = try await town.client(.operatorConsole).refreshCRLs()
        return Crowd(members: members)
    }

    /// Everybody at once.
    func login(in town: Town) async throws -> [(Member, Ending)] {
        let client = try PlatformClient(
            baseURL: town.platform.baseURL, credentials: Town.credentials(town.folder, .counterSystem),
            deadline: .seconds(60), limits: OutgoingLimits(idle: .seconds(60), connectionsPerHost: 128))
        let endings = await withTaskGroup(of: (Member, Ending).self) { group in
            for member in members {
                group.addTask { (member, await member.visit(client, town)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await client.shutdown()
        return endings
    }
}

extension Crowd.Member {
    fileprivate func visit(_ client: PlatformClient, _ town: Town) async -> Crowd.Ending {
        let visit = Task { await login(client, town) }
        guard let patience else { return await visit.value }
        let leaving = Task {
            try await Task.sleep(for: patience)
            visit.cancel()
        }
        defer { leaving.cancel() }
        return await visit.value
    }

    private func login(_ client: PlatformClient, _ town: Town) async -> Crowd.Ending {
        do {
            let challenge = try await client.createChallenge(purpose: "login").decoded(as: ChallengeAnswer.self)
            var call = try town.call(
                resident, .cardUserAuthentication, over: decodeBase64(challenge.nonce) ?? [], purpose: "login")
            call.challengeID = challenge.id
            return .answered(try await client.verify(call).decoded(as: AnswerBody.self))
        } catch PlatformError.unreachable(.cancelled) {
            return .leftEarly
        } catch {
            return Task.isCancelled ? .leftEarly : .failed("\(error)")
        }
    }

    /// What is wrong with an answer to this member's question; nil for nothing.
    func fault(of answer: AnswerBody) -> String? {
        let wanted = (
            result: revocation == nil ? "valid" : "invalid", status: revocation == nil ? "good" : "revoked"
        )
        let digest = HashAlgorithm.sha256.digest(of: certificate.der).hexString.lowercased()
        if answer.certificate?.sha256 != digest { return "an answer about another certificate" }
        if answer.certificate?.serialNumber != certificate.serialNumber.hex { return "another serial number" }
        if answer.result != wanted.result { return "\(answer.result) \(answer.subIndications), not \(wanted.result)" }
        if answer.certificateStatus.status != wanted.status { return "status \(answer.certificateStatus.status)" }
        if answer.certificateStatus.revocationReason != revocation?.name { return "another reason" }
        // The signature is over this member's own nonce: another's challenge would fail here.
        let proofs = answer.checks.filter { ["challenge", "signature_value"].contains($0.code) }
        return proofs.count == 2 && proofs.allSatisfy { $0.outcome == "passed" } ? nil : "not its own challenge"
    }
}
