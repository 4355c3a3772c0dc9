internal import OCSP
package import PKIX
package import PathValidation
package import RevocationLists
package import SignatureAlgorithms

/// Lists and responses that were gathered for one validation, and how they are judged.
package struct RevocationEvidence: Sendable {
    package var lists: [CandidateList]
    /// OCSP responses as they came.
    package var responses: [[UInt8]]
    /// Candidates for CRL issuers and responders. None is trusted by being here.
    package var certificates: [Certificate]
    package var time: ValidationTime
    /// The oldest thisUpdate that counts as fresh, seconds; nil sets no limit.
    package var maximumAge: Int64?
    package var algorithms: AlgorithmSuite
    package var profile: ValidationProfile
    package var listNumber = CRLContext.ListNumberRule.optional

    package init(
        lists: [CandidateList] = [],
        responses: [[UInt8]] = [],
        certificates: [Certificate] = [],
        time: ValidationTime,
        maximumAge: Int64? = nil,
        algorithms: AlgorithmSuite = .current,
        profile: ValidationProfile = .rfc5280
    ) {
        self.lists = lists
        self.responses = responses
        self.certificates = certificates
        self.time = time
        self.maximumAge = maximumAge
        self.algorithms = algorithms
        self.profile = profile
    }
}

extension RevocationEvidence {
    /// The status of one certificate from all that was gathered.
    ///
    /// A revocation or a hold from any source wins. Then an OCSP answer counts before
    /// a list; what could not be found out counts last.
    ///
    /// - Parameter anchors: where the paths of CRL issuers must lead (RFC 5280 §6.3.3 (f)); with none, the
    ///   certificate's issuer is the only one that may be led to.
    package func status(of certificate: Certificate, issuer: StatusIssuer, anchors: [TrustAnchor]) -> StatusReport {
        guard certificate.issuer == issuer.name else {
            let check = Check(
                .revocation, .undetermined, clause: "RFC 5280 §6.3", detail: "the certificate has another issuer")
            return StatusReport(status: .undetermined(.noMatchingCRL), checks: [check])
        }
        guard !lists.isEmpty || !responses.isEmpty else {
            let check = Check(.revocation, .undetermined, clause: "RFC 5280 §6.3", detail: "no list and no response")
            return StatusReport(status: .undetermined(.sourceUnavailable), checks: [check])
        }
        let byOCSP = ocspReport(certificate, issuer, anchors)
        // An empty set of lists says nothing beside a response.
        let byList = lists.isEmpty ? nil : listReport(certificate, issuer, anchors)
        let reports = [byOCSP, byList].compactMap { $0 }
        let best = reports.min { $0.status.precedence < $1.status.precedence }
        let status = best?.status ?? .undetermined(.sourceUnavailable)
        return StatusReport(status: status, checks: reports.flatMap(\.checks))
    }

    private func listReport(_ certificate: Certificate, _ issuer: StatusIssuer, _ anchors: [TrustAnchor])
        -> StatusReport
    {
        var context = CRLContext(time: time)
        context.maximumAge = maximumAge
        context.algorithms = algorithms
        context.listNumber = listNumber
        context.holdRelease = profile == .jpki ? .never : .asDeltasSay
        context.anchors = anchors
        context.pool = certificates
        return RevocationLists.status(of: certificate, issuer: issuer, lists: lists, context: context)
    }

    /// The best report of all responses; nil when there is no response.
    private func ocspReport(_ certificate: Certificate, _ issuer: StatusIssuer, _ anchors: [TrustAnchor])
        -> StatusReport?
    {
        guard !responses.isEmpty else { return nil }
        var context = OCSPContext(time: time)
        context.maximumAge = maximumAge
        context.algorithms = algorithms
        context.additionalCertificates = certificates
        if !lists.isEmpty { context.responderStatus = { listReport($0, issuer, anchors) } }
        let reports = responses.map {
            OCSP.status(of: certificate, issuer: issuer, response: $0, context: context)
        }
        let best = reports.min { $0.status.precedence < $1.status.precedence }
        return best.map { StatusReport(status: $0.status, checks: $0.checks) }
    }
}

extension CertificateStatus {
    /// Lower decides: a revocation, a hold, an answer from OCSP, a list, what says nothing.
    fileprivate var precedence: Int {
        switch (status, method) {
        case (.revoked, _): 0
        case (.onHold, _): 1
        case (.good, .ocsp): 2
        case (.unknown, _): 3
        case (.good, _): 4
        case (.undetermined, .crl): 5
        case (.undetermined, _): undeterminedReason == .noMatchingCRL ? 7 : 6
        }
    }
}
