package import CounterApplications
package import Organizations
package import Verification

/// A municipality's 証明発行サーバ.
package protocol CertificateIssuer: Sendable {
    /// Asks for one certificate. Asking twice with one `requestID` issues once.
    ///
    /// - Parameter deadline: seconds for the whole exchange, from 1.
    func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange
    /// What became of a request whose outcome is not known.
    func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange
    /// Cancels by the request's id, also one that never arrived: then a later arrival is refused. Idempotent.
    func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange
}

/// What came of asking an issuer.
package enum IssueExchange: Hashable, Sendable {
    case answered(IssueAnswer)
    /// The issuer will not issue it, for a reason that repeating does not change.
    case refused(IssuerRefusal)
    /// It is at work on the request: ask again.
    case pending
    /// To ``CertificateIssuer/outcome(of:municipality:deadline:)`` alone: no such request ever arrived.
    case neverReceived
    /// It was cancelled before.
    case cancelled
    /// It may have arrived.
    case unknownOutcome(FetchFailure)
    /// Certainly nothing arrived.
    case notSent(FetchFailure)
}

package enum CancelExchange: Hashable, Sendable {
    /// Cancelled now or before, or never known and refused from now on.
    case cancelled
    case failed(FetchFailure)
}
