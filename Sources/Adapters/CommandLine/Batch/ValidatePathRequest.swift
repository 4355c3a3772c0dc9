import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

/// `validate_path`: a path for one certificate, and the revocation along it.
struct ValidatePathRequest {
    private let target: Result<Certificate, DERError>
    private let evidence: Evidence
    private let constraints: PathConstraints
    private let scope: RevocationScope
    private var revocation: RevocationEvidence

    init(_ fields: inout RequestFields) throws(BatchError) {
        let der = try fields.required("certificate", fields.octets("certificate"))
        target = Result { () throws(DERError) in try Certificate(der: der) }
        var evidence = Evidence()
        evidence.addCertificates(try fields.octetsList("intermediates") ?? [], named: "intermediates")
        let anchors = try fields.required("trust_anchors", fields.octetsList("trust_anchors"))
        evidence.addAnchors(anchors, named: "trust_anchors")
        evidence.addLists(try fields.octetsList("crls") ?? [], named: "crls")
        evidence.addResponses(try fields.octetsList("ocsp_responses") ?? [])
        self.evidence = evidence

        let profile = try fields.choice("profile", ValidationProfile.rfc5280)
        constraints = try ValidatePathRequest.constraints(&fields, profile)
        scope = try fields.choice("revocation", RevocationScope.none)
        revocation = RevocationEvidence(
            lists: evidence.lists, responses: evidence.responses, certificates: evidence.certificates,
            time: try fields.time("validation_time"), maximumAge: try fields.seconds("max_age_seconds"),
            algorithms: constraints.algorithms, profile: profile)
        // RFC 5280 §5.2.3 demands a number of every conforming issuer; JPKI's lists have none.
        if profile == .rfc5280 { revocation.listNumber = .required }
        try fields.finish()
    }

    private static func constraints(
        _ fields: inout RequestFields,
        _ profile: ValidationProfile
    ) throws(BatchError) -> PathConstraints {
        var constraints = PathConstraints()
        if let words = try fields.words("initial_policy_set") {
            constraints.initialPolicySet = try policies(words)
        }
        if try fields.flag("require_explicit_policy") { constraints.explicitPolicy = .required }
        if try fields.flag("inhibit_policy_mapping") { constraints.policyMapping = .inhibited }
        if try fields.flag("inhibit_any_policy") { constraints.anyPolicy = .inhibited }
        constraints.algorithms = try fields.algorithms()
        for word in try fields.words("required_key_usage") ?? [] {
            guard let usage = KeyUsage(name: word) else {
                throw BatchError(.invalidField, "required_key_usage: unknown word")
            }
            constraints.requiredKeyUsage.formUnion(usage)
        }
        constraints.requiredExtendedKeyUsage = try fields.oid("required_extended_key_usage")
        switch profile {
        case .rfc5280: constraints.keyIdentifiers = .required
        case .jpki: constraints.applyJPKI()
        }
        return constraints
    }

    private static func policies(_ words: [String]) throws(BatchError) -> Set<OID> {
        var policies: Set<OID> = []
        for word in words {
            guard let policy = OID(word) else {
                throw BatchError(.invalidField, "initial_policy_set: no object identifier")
            }
            policies.insert(policy)
        }
        return policies
    }

    func answer(_ writer: inout JSONWriter) {
        switch target {
        case .failure(let error):
            let check = Check(.certificateFormat, .failed, clause: "RFC 5280 §4.1", detail: error.description)
            let report = PathReport(
                result: .invalid, subIndications: [.formatFailure], policies: [], path: [], anchor: nil,
                issuerKey: nil, checks: [check])
            write(report, scope == .none ? nil : .undetermined(.sourceUnavailable), &writer)
        case .success(let certificate):
            let builder = PathBuilder(
                anchors: evidence.anchors, pool: evidence.certificates, constraints: constraints)
            let report = builder.validate(certificate, evidence: revocation, scope: scope)
            write(report.path, report.certificateStatus, &writer)
        }
    }

    private func write(_ report: PathReport, _ status: CertificateStatus?, _ writer: inout JSONWriter) {
        writer.member("result", report.result.rawValue)
        writer.member("sub_indications", report.subIndications.map(\.rawValue))
        writer.member("policies", report.policies.map(\.description).sorted())
        writer.member("path", report.path.map { HashAlgorithm.sha256.digest(of: $0.encoding).hexString.lowercased() })
        writer.member("checks", report.checks + evidence.checks) { $0.write($1) }
        if let status {
            writer.member("certificate_status") { $0.write(status) }
        } else {
            writer.member("certificate_status", nil as String?)
        }
    }
}

extension PathConstraints {
    /// What the `jpki` profile adds: the anchor must be in its validity, a usage must be shown, and where policies
    /// are named the path must be valid for one of them by its own name, since the policy tells the kind.
    fileprivate mutating func applyJPKI() {
        anchorValidity = .checked
        missingKeyUsage = .fails
        guard !initialPolicySet.contains(.anyPolicy) else { return }
        (explicitPolicy, anyPolicy) = (.required, .inhibited)
    }
}
