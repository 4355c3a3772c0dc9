internal import OCSP
package import PKIX
internal import Synchronization

/// Signed answers that are given again until their list changes or their time is over.
///
/// Only answers to one CertID without a nonce are kept (RFC 5019 §2.1.1): each holds no more than its request asked.
final class AnswerCache: Sendable {
    private struct Contents {
        var generation: UInt64 = 0
        var answers: [OCSPCertID: LocalAnswer] = [:]
    }

    /// Answers that are kept at a time; about 1 KiB each with its key.
    static let capacity = 65_536

    private let contents = Mutex(Contents())

    func answer(to certID: OCSPCertID, generation: UInt64, at now: ValidationTime) -> LocalAnswer? {
        contents.withLock { contents in
            guard contents.generation == generation, let answer = contents.answers[certID],
                let expiry = answer.reusableUntil, now < expiry, answer.producedAt <= now
            else { return nil }
            return answer
        }
    }

    /// Keeps `answer`, which was made from the lists of `generation`.
    func keep(_ answer: LocalAnswer, to certID: OCSPCertID, generation: UInt64) {
        contents.withLock { contents in
            // Made from lists that have gone since.
            guard generation >= contents.generation else { return }
            if generation > contents.generation || contents.answers.count >= AnswerCache.capacity {
                contents = Contents(generation: generation)
            }
            contents.answers[certID] = answer
        }
    }

    var count: Int { contents.withLock { $0.answers.count } }
}

/// One OCSP response, ready to send.
package struct LocalAnswer: Hashable, Sendable {
    /// DER of the `OCSPResponse`.
    package let der: [UInt8]
    package let producedAt: ValidationTime
    /// Until when it may be given to others who ask the same; nil for one that answers one request alone.
    package let reusableUntil: ValidationTime?
    /// `successful`, or why there is no answer.
    package let outcome: Outcome

    package enum Outcome: String, CaseIterable, Sendable {
        case successful
        case malformedRequest = "malformed_request"
        case internalError = "internal_error"
        case tryLater = "try_later"
        case unauthorized
        /// No answer but a list, given by ``ListFace``.
        case listServed = "list_served"
    }
}
