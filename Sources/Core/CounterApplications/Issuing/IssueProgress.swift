package import PKIX

/// The one request that an application makes of its municipality's issuer, and how far it is.
package struct IssueProgress: Hashable, Sendable, Codable {
    package enum Stage: String, CaseIterable, Hashable, Sendable, Codable {
        /// Nothing has been sent.
        case prepared
        /// Being sent, or sent without an answer. Whoever finds this asks for the outcome.
        case sent
        /// Its answer was judged and accepted.
        case accepted
        /// The issuer will not issue; there is nothing to cancel.
        case refused
        /// To be cancelled at the issuer.
        case cancelling
        case cancelled
        /// The issuer never said; ``Voiding/cancelEnd`` has how the waiting ended.
        case cancelUnconfirmed = "cancel_unconfirmed"
    }

    package let requestID: String
    package internal(set) var nonce: [UInt8]
    package let controlNumber: ControlNumber
    package internal(set) var stage: Stage
    /// True once it was sent and the issuer said that it had not got it: it may be on its way yet, and is cancelled when
    /// the application is.
    package internal(set) var mayArriveLate: Bool?
    /// SHA-256 of the certificate's PDF; 32 octets.
    package internal(set) var pdfDigest: [UInt8]?
    package internal(set) var pages: Int?
    /// The issuer's own time of issue.
    package internal(set) var issuedAt: ValidationTime?

    init(_ preparation: IssuePreparation) {
        requestID = preparation.requestID
        nonce = preparation.nonce
        controlNumber = preparation.controlNumber
        stage = .prepared
    }

    /// Of what was printed nothing can be compared afterwards.
    mutating func forgetDigests() { (nonce, pdfDigest) = ([], nil) }
}

/// What is drawn at random for a request.
package struct IssuePreparation: Hashable, Sendable {
    package let requestID: String
    /// 32 octets.
    package let nonce: [UInt8]
    package let controlNumber: ControlNumber

    package init(requestID: String, nonce: [UInt8], controlNumber: ControlNumber) {
        (self.requestID, self.nonce, self.controlNumber) = (requestID, nonce, controlNumber)
    }
}

extension CounterApplication {
    /// The request to the issuer; nil before the submission and after the wiping. Always the same one.
    package var issueRequest: IssueRequest? {
        guard let applicant, let order, let issue else { return nil }
        return IssueRequest(
            requestID: issue.requestID, application: id, municipality: municipality,
            residentID: applicant.resident.residentID, order: order.order, controlNumber: issue.controlNumber,
            nonce: issue.nonce)
    }
}
