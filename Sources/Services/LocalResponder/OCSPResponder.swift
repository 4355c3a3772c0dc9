internal import Metrics
internal import OCSP
internal import Organizations
internal import PKIX
package import Verification

/// The lists in force at one moment.
package struct ListSnapshot: Sendable {
    /// Rises whenever a list comes into force; an answer is given again only within one generation.
    package let generation: UInt64
    package let lists: any ListProvider

    package init(generation: UInt64, lists: any ListProvider) { (self.generation, self.lists) = (generation, lists) }
}

/// An OCSP responder of the municipality's own (RFC 6960, RFC 5019), for its existing software.
///
/// It knows the lists in force and nothing else, signs with a key of its own and
/// never poses as the issuer's responder.
package final class OCSPResponder: Sendable {
    package let settings: LocalResponderSettings
    private let identity: ResponderIdentity
    private let snapshot: @Sendable () -> ListSnapshot
    private let clock: any TrustedClock
    private let cache = AnswerCache()
    let tally = AnswerTally()

    /// - Parameters:
    ///   - snapshot: the lists in force; taken once a request.
    package init(
        settings: LocalResponderSettings,
        identity: ResponderIdentity,
        snapshot: @escaping @Sendable () -> ListSnapshot,
        clock: any TrustedClock
    ) {
        self.settings = settings
        self.identity = identity
        self.snapshot = snapshot
        self.clock = clock
    }

    /// The response to the octets of a request, whatever they are.
    package func answer(_ octets: [UInt8]) -> LocalAnswer {
        let answer = respond(to: octets)
        tally.count(answer.outcome)
        Counter(
            label: "akashi_local_responder_answers_total",
            dimensions: [("municipality", settings.municipality.digits), ("result", answer.outcome.rawValue)]
        ).increment()
        return answer
    }

    private func respond(to octets: [UInt8]) -> LocalAnswer {
        let reading = clock.reading()
        guard let request = try? OCSPRequest(der: octets) else {
            return LocalAnswer(refusing: .malformedRequest, at: reading.now)
        }
        let set = snapshot()
        let shared = request.nonce == nil && request.certIDs.count == 1 ? request.certIDs.first : nil
        if let shared, reading.trust == .trusted,
            let known = cache.answer(to: shared, generation: set.generation, at: reading.now)
        {
            return known
        }
        switch ResponderRules(settings: settings, lists: set.lists).judge(request, at: reading) {
        case .refusal(let status): return LocalAnswer(refusing: status, at: reading.now)
        case .answers(let answers, let freshUntil):
            guard let answer = sign(answers, for: request, freshUntil: freshUntil, at: reading.now) else {
                return LocalAnswer(refusing: .internalError, at: reading.now)
            }
            if let shared, answer.reusableUntil != nil { cache.keep(answer, to: shared, generation: set.generation) }
            return answer
        }
    }

    private func sign(
        _ answers: [OCSPSingleResponse], for request: OCSPRequest, freshUntil: ValidationTime?, at now: ValidationTime
    ) -> LocalAnswer? {
        let writer = OCSPResponseWriter(
            responderID: .byKey(of: identity.certificate.subjectPublicKeyInfo), producedAt: now, responses: answers,
            nonce: request.nonce.map { Array($0) }, signatureAlgorithm: identity.algorithm,
            certificates: [identity.certificate])
        guard let der = try? writer.signed({ try identity.sign($0) }) else { return nil }
        let longest = now.advanced(bySeconds: Int64(settings.longestReuse))
        let reusable = request.nonce == nil ? freshUntil.map { min($0, longest) } : nil
        return LocalAnswer(der: der, producedAt: now, reusableUntil: reusable, outcome: .successful)
    }
}

extension LocalAnswer {
    fileprivate init(refusing status: OCSPResponse.Status, at now: ValidationTime) {
        self.init(
            der: OCSPResponseWriter.error(status), producedAt: now, reusableUntil: nil, outcome: Outcome(status))
    }
}

extension LocalAnswer.Outcome {
    fileprivate init(_ status: OCSPResponse.Status) {
        switch status {
        case .successful: self = .successful
        case .malformedRequest: self = .malformedRequest
        case .tryLater: self = .tryLater
        case .unauthorized, .sigRequired: self = .unauthorized
        case .internalError: self = .internalError
        }
    }
}
