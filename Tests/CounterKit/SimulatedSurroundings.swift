package import CounterApplications
package import CounterService
internal import Organizations
internal import PKIX
package import Verification

/// A verification that gives challenges and is never asked for more: what it finds is other tests' matter.
package struct ChallengesOnly: CounterVerification {
    let randomness: any Randomness

    package init(_ randomness: any Randomness) { self.randomness = randomness }

    package func createChallenge(
        purpose: String, context: RequestContext
    ) async throws(ServiceError) -> Challenge {
        Challenge(
            id: "chl_" + randomness.octets(13).map { String($0, radix: 36) }.joined(), nonce: randomness.octets(32),
            municipality: context.requester.municipality, actor: context.requester.actor, purpose: purpose,
            createdAt: OfficeSetting.start, expiresAt: OfficeSetting.start.advanced(bySeconds: 300))
    }

    package func verify(
        _ request: VerificationRequest, context: RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer { throw .serviceNotReady }
}

/// A register that nobody asks.
package struct NobodyIsLookedUp: ResidentLookup {
    package init() {}

    package func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer {
        .failed(.notConfigured)
    }
}

extension CounterPorts {
    /// Records that the holder of a card is `resident`, as ``CounterTerminal`` does after the verification.
    package func identify(
        _ application: CounterApplication, as resident: ResidentRecord
    ) async throws(CounterError) -> CounterApplication {
        let now = clock.reading().now
        let applicant = Applicant(
            identification: Identification(
                verificationID: "ver_X", certificateKind: "card_user_authentication", policyID: "online-only",
                assurance: "pin_authentication", rung: "ocsp", service: .normal, verifiedAt: now), resident: resident)
        let next: CounterApplication
        do throws(CounterRefusal) {
            next = try application.applying(.identified(applicant), at: now).application
        } catch {
            throw .refused(error)
        }
        do throws(CounterStoreError) {
            try await store.commit([CounterChange(application: next, expecting: application.version)])
        } catch {
            throw error == .conflict ? .conflict : .serviceNotReady
        }
        return next
    }
}

extension OpeningHours {
    /// Every minute of every day.
    package static var always: OpeningHours {
        OpeningHours(
            weekly: Dictionary(
                uniqueKeysWithValues: Weekday.allCases.map {
                    ($0, [Interval(opens: 0, closes: 1_440)].compactMap { $0 })
                }))
    }
}
