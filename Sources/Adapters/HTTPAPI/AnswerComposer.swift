internal import HTTPSupport
internal import JPKIProfile
package import MessageCatalogue
internal import PKIX
internal import PathValidation
internal import SignatureValidation
package import Verification
internal import WireFormat

/// Writes answers: the report, the sentences that it calls for, and how the person was recognised.
package struct AnswerComposer: Sendable {
    private let catalogue: MessageStore

    package init(catalogue: MessageStore) { self.catalogue = catalogue }

    /// The body as it is stored: without claims and without the serial number, which is kept sealed beside it.
    /// For ``VerificationService/Ports/encodeBody``.
    package func stored(_ outcome: VerificationOutcome) -> [UInt8] {
        var body = body(outcome)
        body.certificate?.serialNumber = nil
        return body.json
    }

    /// The body of the call that verified: with the claims that were asked for.
    func fresh(_ outcome: VerificationOutcome) -> AnswerBody {
        var body = body(outcome)
        body.claims = outcome.claims.map { ClaimsBody($0) }
        return body
    }

    private func body(_ outcome: VerificationOutcome) -> AnswerBody {
        AnswerBody(
            outcome, messages: catalogue.messages(outcome.report.messageKeys), assurance: outcome.report.assurance)
    }

    /// The sentences of a problem.
    func messages(_ code: ProblemCode) -> [String: String] {
        catalogue.messages(MessageKey(.problem, code.rawValue))
    }
}

extension ValidationReport {
    /// What a verified signature proves of the person who is there; nil when it proves nothing.
    var assurance: AssuranceLevel? {
        guard checks.contains(where: { $0.code == .signatureValue && $0.outcome == .passed }) else { return nil }
        switch certificate?.kind?.use {
        case .digitalSignature: return .pinSignature
        // Without a challenge of ours the signature may be an old one.
        case .userAuthentication:
            return checks.contains { $0.code == .challenge && $0.outcome == .passed } ? .pinAuthentication : nil
        case nil: return nil
        }
    }

    /// The messages that fit, most telling first.
    var messageKeys: [MessageKey] {
        switch result {
        case .valid:
            let degraded = revocation.degradation == .degraded
            let rung = revocation.rung == .lastGoodCRL ? [MessageKey(.rung, Rung.lastGoodCRL.rawValue)] : []
            return rung + (degraded ? [MessageKey(.result, "valid_degraded")] : []) + [MessageKey(.result, "valid")]
        case .invalid, .undetermined:
            let mattering = subIndications.filter { result == .undetermined || !$0.isDoubt }
            return mattering.flatMap(messageKeys(of:)) + [MessageKey(.result, result.rawValue)]
        }
    }

    private func messageKeys(of indication: SubIndication) -> [MessageKey] {
        let status = revocation.status
        let general = MessageKey(.subIndication, indication.rawValue)
        switch indication {
        case .revoked:
            let reason = status.revocationReason.map { MessageKey(.revocationReason, $0.name) }
            return [reason, MessageKey(.certificateStatus, status.status.rawValue), general].compactMap { $0 }
        case .tryLater, .revocationOutOfBoundsNoPOE:
            let reason = status.undeterminedReason.map { MessageKey(.undeterminedReason, $0.rawValue) }
            return [reason, MessageKey(.certificateStatus, status.status.rawValue), general].compactMap { $0 }
        default: return [general]
        }
    }
}

extension SubIndication {
    /// Says that something could not be found out, rather than that something is wrong.
    fileprivate var isDoubt: Bool { self == .tryLater || self == .revocationOutOfBoundsNoPOE }
}
