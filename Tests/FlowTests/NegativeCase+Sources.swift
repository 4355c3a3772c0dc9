import CertificateIssuing
import JPKIProfile
import PKIX
import PlatformClient
import SandboxAuthority
import WireFormat

extension NegativeCase {
    /// Lists that are of somebody else. The responder is down, so that only lists can answer.
    static var lists: [NegativeCase] {
        [
            byListsAlone(
                "list of another city: none held for this one's",
                "undetermined; TRY_LATER; undetermined ocsp_response, revocation; status undetermined (source_unavailable)"
            ) { town in
                var request = MintRequest()
                request.municipality = Town.municipalityWithoutList
                return try town.sandbox.mint(request)
            },
            byListsAlone(
                "list of another city: revoked, in a list that is not held",
                "undetermined; TRY_LATER; undetermined ocsp_response, revocation; status undetermined (source_unavailable)"
            ) { $0.revoked.elsewhere },
            byListsAlone(
                "list of another city: the certificate names a point of nobody",
                "undetermined; TRY_LATER; undetermined ocsp_response, revocation; status undetermined (source_unavailable)"
            ) { town in
                let nobody = DistinguishedName([(.country, "JP"), (.organization, "JPKI-SANDBOX"), (.commonName, "?")])
                var request = MintRequest()
                request.municipality = SandboxMunicipality.all[0]
                request.defects = [
                    .distributionPoints([DistributionPoint(name: .fullName([.directoryName(nobody)]))])
                ]
                return try town.sandbox.mint(request)
            },
            byListsAlone(
                "two distribution points, the list of the second held", "valid; status good by fresh_crl",
                belief: .answeredByAnotherSource
            ) { town in
                var request = MintRequest()
                request.municipality = SandboxMunicipality.all[0]
                request.defects = [.distributionPoints(Town.twoPoints(town.sandbox))]
                return try town.sandbox.mint(request)
            },
            byListsAlone(
                "two distribution points, revoked in the list of the second",
                "invalid; REVOKED; failed revocation; status revoked (keyCompromise) by fresh_crl"
            ) { $0.revoked.twoPoints },
        ]
    }

    private static func byListsAlone(
        _ name: String,
        _ expected: String,
        belief: Belief = .refused,
        _ resident: @escaping @Sendable (Town) throws -> Resident
    ) -> NegativeCase {
        NegativeCase(name, expected, belief: belief) { town in
            try await town.with(.down, on: .responder(.card)) {
                try await town.ask(town.signedApplication(resident(town), policy: "lists-first"))
            }
        }
    }

    private static let faults: [Fault] = [
        .down, .slow(milliseconds: 5_000), .wrongKey, .stale, .malformed, .unauthorised, .tryLater,
    ]

    /// Each fault of a responder: for a smartphone, which has no list, and for cards, which have.
    static var responders: [NegativeCase] {
        faults.flatMap { fault in
            let response = fault.isSilence ? "undetermined ocsp_response" : "failed ocsp_response"
            let twoChecks = "\(response)\(fault.isSilence ? ", " : "; undetermined ")revocation"
            return [
                onSmartphone(fault, "undetermined; TRY_LATER; \(twoChecks); status undetermined (\(fault.reason))"),
                onCard(fault, "valid; \(response); status good by fresh_crl, degraded"),
                onRevokedCard(
                    fault, "revoked card", policy: nil,
                    "invalid; REVOKED; "
                        + (fault.isSilence ? "failed revocation; \(response)" : "\(response), revocation")
                        + "; status revoked (keyCompromise) by fresh_crl, degraded"),
                onRevokedCard(
                    fault, "revoked card, no fallback allowed", policy: "responder-only",
                    "undetermined; TRY_LATER; \(twoChecks); status undetermined (\(fault.reasonWithoutFallback))"),
            ]
        }
    }

    private static func onSmartphone(_ fault: Fault, _ expected: String) -> NegativeCase {
        NegativeCase("responder \(fault.name), smartphone", expected) { town in
            try await town.with(fault, on: .responder(.smartphone)) {
                try await town.login(town.sandbox.resident(.androidPhone), .smartphoneUserAuthentication)
            }
        }
    }

    private static func onCard(_ fault: Fault, _ expected: String) -> NegativeCase {
        NegativeCase("responder \(fault.name), card", expected, belief: .answeredByAnotherSource) { town in
            try await town.with(fault, on: .responder(.card)) {
                try await town.login(town.sandbox.resident(.regular), .cardUserAuthentication)
            }
        }
    }

    private static func onRevokedCard(
        _ fault: Fault,
        _ name: String,
        policy: String?,
        _ expected: String
    ) -> NegativeCase {
        NegativeCase("responder \(fault.name), \(name)", expected) { town in
            try await town.with(fault, on: .responder(.card)) {
                try await town.ask(town.signedApplication(town.revoked.ordinary, policy: policy))
            }
        }
    }
}

extension Fault {
    /// Whether nothing at all comes back: there is no response to fail a check then.
    fileprivate var isSilence: Bool {
        switch self {
        case .down, .slow: true
        default: false
        }
    }

    /// The same where a list could have answered and the policy forbids to ask it: said when no response came.
    fileprivate var reasonWithoutFallback: String {
        reason == "source_unavailable" ? "policy_forbids_fallback" : reason
    }

    /// Why the status stays open when nothing else can answer.
    fileprivate var reason: String {
        switch self {
        case .down, .slow, .tryLater: "source_unavailable"
        case .wrongKey: "signature_invalid"
        case .stale: "source_stale"
        case .malformed: "response_invalid"
        case .unauthorised: "responder_unauthorized"
        }
    }
}

extension Town {
    /// Asks while `target` has a fault, and returns when the platform has found the responder well again: its
    /// circuit breaker would hide the next fault.
    func with(_ fault: Fault, on target: FaultTarget, _ body: () async throws -> Reply) async throws -> Reply {
        try sandbox.set(fault, on: target)
        defer { sandbox.faults.clear(target) }
        let reply = try await body()
        sandbox.faults.clear(target)
        for _ in 0..<40 {
            let probe =
                target == .responder(.card)
                ? try await login(sandbox.resident(.regular), .cardUserAuthentication)
                : try await login(sandbox.resident(.androidPhone), .smartphoneUserAuthentication)
            if probe.answer?.certificateStatus.rung == "ocsp" { return reply }
            try await Task.sleep(for: .milliseconds(250))
        }
        throw PlatformProcess.Failure(description: "the platform no longer asks its responder")
    }
}
