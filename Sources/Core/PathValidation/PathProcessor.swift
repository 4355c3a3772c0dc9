internal import PKIX
internal import SignatureAlgorithms

/// What became of a certificate's signature under the key of its issuer.
enum SignatureOutcome: Hashable {
    case verified
    case wrong
    /// The algorithm or the key is not one that the suite takes.
    case refused(AlgorithmError)
}

/// A sequence of certificates, leaf first, and the outcomes of their signatures.
struct CandidatePath {
    var certificates: [Certificate]
    /// `signatures[i]` is that of `certificates[i]` under its issuer's key. One shorter without anchor.
    var signatures: [SignatureOutcome]
    var anchor: TrustAnchor?
    /// The target's own key under the suite.
    var targetKey: Result<PublicKey, AlgorithmError>
}

/// RFC 5280 §6.1: initialisation, basic processing, preparation and wrap-up of one path.
///
/// Processing does not stop at the first rule that fails: every rule is tried
/// on every certificate, so that a report is whole.
struct PathProcessor {
    let path: CandidatePath
    let constraints: PathConstraints
    let time: ValidationTime

    // The state variables of §6.1.2.
    private var graph = PolicyGraph()
    private var names = NameConstraintState()
    private var explicitPolicy: Int
    private var inhibitAnyPolicy: Int
    private var policyMapping: Int
    private var maxPathLength: Int
    private(set) var ledger: RuleLedger

    private var count: Int { path.certificates.count }

    /// §6.1.2: the initial values.
    init(_ path: CandidatePath, constraints: PathConstraints, time: ValidationTime) {
        (self.path, self.constraints, self.time) = (path, constraints, time)
        let beyond = path.certificates.count + 1
        explicitPolicy = constraints.explicitPolicy == .required ? 0 : beyond
        inhibitAnyPolicy = constraints.anyPolicy == .inhibited ? 0 : beyond
        policyMapping = constraints.policyMapping == .inhibited ? 0 : beyond
        maxPathLength = path.certificates.count
        ledger = RuleLedger(length: path.certificates.count)
    }

    /// Tries every rule and returns the user-constrained policy set of §6.1.6.
    mutating func process(_ budget: inout WorkBudget) throws(BudgetOverrun) -> Set<OID> {
        checkAnchor()
        // i counts from the certificate that the anchor issued, as in the RFC.
        for i in 1...count {
            let certificate = path.certificates[count - i]
            checkBasics(certificate, i)
            try checkNames(certificate, i, &budget)
            try processPolicies(certificate, i)
            if i < count { try prepare(certificate, i) } else { wrapUp(certificate) }
        }
        if count == 1 { noteUnusedRules() }
        return constrainPolicies()
    }

    // MARK: The anchor

    private mutating func checkAnchor() {
        guard let anchor = path.anchor else {
            return ledger.fail(.trustAnchor, at: 1, "no issuer found")
        }
        if let certificate = anchor.certificate { applyConstraints(of: certificate) }
        guard constraints.anchorValidity == .checked, let certificate = anchor.certificate else {
            return ledger.note(.anchorValidity, .notApplicable, nil)
        }
        if time < certificate.notBefore {
            ledger.fail(.anchorValidity, "notBefore \(certificate.notBefore)", as: .notYetValid)
        } else if time > certificate.notAfter {
            ledger.fail(.anchorValidity, "notAfter \(certificate.notAfter)")
        }
    }

    /// §6.2 leaves to the implementation whether constraints in the certificate that an anchor was taken from are
    /// inputs of the validation. Here they are, as in RFC 5937 §3: what an anchor's owner limits stays limited.
    private mutating func applyConstraints(of anchor: Certificate) {
        let extensions = anchor.extensions
        if let constraints = extensions.nameConstraints, let refusal = names.add(constraints) {
            ledger.fail(.nameConstraints, "the anchor's own: \(refusal.rawValue)")
        }
        lowerCounters(by: extensions)
        maxPathLength = min(maxPathLength, extensions.basicConstraints?.pathLenConstraint ?? .max)
        for item in extensions.all where item.isCritical && !CertificateRules.isProcessed(item.id) {
            ledger.fail(.criticalExtensions, "unknown critical extension \(item.id) of the anchor")
        }
    }

    // MARK: §6.1.3 Basic certificate processing

    private mutating func checkBasics(_ certificate: Certificate, _ i: Int) {
        checkSignature(certificate, i)
        // RFC 5280 §6.1.3 (a)(2)
        if time < certificate.notBefore {
            ledger.fail(.validity, at: i, "notBefore \(certificate.notBefore)", as: .notYetValid)
        } else if time > certificate.notAfter {
            ledger.fail(.validity, at: i, "notAfter \(certificate.notAfter)")
        }
        // RFC 5280 §6.1.3 (a)(4)
        if let issuer = issuerName(i), certificate.issuer != issuer {
            ledger.fail(.nameChaining, at: i, "issuer is not the subject of the issuing certificate")
        }
        for violation in CertificateRules.violations(of: certificate, as: i == count ? .target : .issuer) {
            ledger.fail(.format, at: i, "\(violation)")
        }
        if constraints.keyIdentifiers == .required { checkKeyIdentifiers(certificate, i) }
        for item in certificate.extensions.all where item.isCritical && !CertificateRules.isProcessed(item.id) {
            // RFC 5280 §6.1.4 (o), §6.1.5 (f)
            ledger.fail(.criticalExtensions, at: i, "unknown critical extension \(item.id)")
        }
    }

    private mutating func checkKeyIdentifiers(_ certificate: Certificate, _ i: Int) {
        // A self-signed certificate says whose key signed it by its own (§4.2.1.1).
        let isSelfSigned = certificate.isSelfIssued && issuerKey(i) == certificate.subjectPublicKeyInfo
        if certificate.extensions.authorityKeyIdentifier?.keyIdentifier == nil, !isSelfSigned {
            ledger.fail(.format, at: i, "§4.2.1.1: no authorityKeyIdentifier")
        }
        if certificate.extensions.basicConstraints?.isCA == true, certificate.extensions.subjectKeyIdentifier == nil {
            ledger.fail(.format, at: i, "§4.2.1.2: a CA without subjectKeyIdentifier")
        }
    }

    private mutating func checkSignature(_ certificate: Certificate, _ i: Int) {
        if certificate.tbsSignatureAlgorithm != certificate.signatureAlgorithm {
            ledger.fail(.algorithm, at: i, "the two signature algorithms differ", as: .formatFailure)
        }
        let position = count - i
        guard position < path.signatures.count else {
            return ledger.note(.signature, .undetermined, at: i, "no issuer's key")
        }
        // RFC 5280 §6.1.3 (a)(1)
        switch path.signatures[position] {
        case .verified: break
        case .wrong: ledger.fail(.signature, at: i, "the signature is not its issuer's")
        case .refused(let error):
            ledger.fail(.algorithm, at: i, "\(error)")
            ledger.note(.signature, .undetermined, at: i, "not tried")
        }
    }

    private mutating func checkNames(
        _ certificate: Certificate,
        _ i: Int,
        _ budget: inout WorkBudget
    ) throws(BudgetOverrun) {
        // RFC 5280 §6.1.3 (b), (c): not for a self-issued certificate that is not the last.
        guard i == count || !certificate.isSelfIssued else { return }
        guard let refusal = try names.refusal(of: certificate, budget: &budget) else { return }
        ledger.fail(.nameConstraints, at: i, "\(refusal.rawValue)")
    }

    private mutating func processPolicies(_ certificate: Certificate, _ i: Int) throws(BudgetOverrun) {
        if let policies = certificate.extensions.certificatePolicies {
            // RFC 5280 §6.1.3 (d)
            let isAnyPolicyUsable = inhibitAnyPolicy > 0 || (i < count && certificate.isSelfIssued)
            try graph.add(policies, anyPolicy: isAnyPolicyUsable ? .allowed : .inhibited)
        } else {
            // RFC 5280 §6.1.3 (e)
            graph.removeAll()
        }
        // RFC 5280 §6.1.3 (f)
        if explicitPolicy == 0, graph.isNull { ledger.fail(.policies, at: i, "no policy is left") }
    }

    private func issuerName(_ i: Int) -> DistinguishedName? {
        i == 1 ? path.anchor?.name : path.certificates[count - i + 1].subject
    }

    private func issuerKey(_ i: Int) -> SubjectPublicKeyInfo? {
        i == 1 ? path.anchor?.subjectPublicKeyInfo : path.certificates[count - i + 1].subjectPublicKeyInfo
    }
}

// MARK: - §6.1.4 Preparation for certificate i+1

extension PathProcessor {
    private mutating func prepare(_ certificate: Certificate, _ i: Int) throws(BudgetOverrun) {
        try mapPolicies(certificate, i)
        // RFC 5280 §6.1.4 (g)
        if let constraints = certificate.extensions.nameConstraints, let refusal = names.add(constraints) {
            ledger.fail(.nameConstraints, at: i, "\(refusal.rawValue)")
        }
        lowerCounters(certificate)
        checkAuthority(certificate, i)
    }

    private mutating func mapPolicies(_ certificate: Certificate, _ i: Int) throws(BudgetOverrun) {
        guard let mappings = certificate.extensions.policyMappings else { return }
        // RFC 5280 §6.1.4 (a)
        let isAny = mappings.contains { $0.issuerDomainPolicy == .anyPolicy || $0.subjectDomainPolicy == .anyPolicy }
        guard !isAny else { return ledger.fail(.policyMapping, at: i, "anyPolicy is mapped") }
        // RFC 5280 §6.1.4 (b)
        try graph.map(mappings, rule: policyMapping > 0 ? .allowed : .inhibited)
    }

    private mutating func lowerCounters(_ certificate: Certificate) {
        // RFC 5280 §6.1.4 (h)
        if !certificate.isSelfIssued {
            explicitPolicy = max(0, explicitPolicy - 1)
            policyMapping = max(0, policyMapping - 1)
            inhibitAnyPolicy = max(0, inhibitAnyPolicy - 1)
        }
        lowerCounters(by: certificate.extensions)
    }

    private mutating func lowerCounters(by extensions: CertificateExtensions) {
        // RFC 5280 §6.1.4 (i)
        explicitPolicy = min(explicitPolicy, extensions.policyConstraints?.requireExplicitPolicy ?? .max)
        policyMapping = min(policyMapping, extensions.policyConstraints?.inhibitPolicyMapping ?? .max)
        // RFC 5280 §6.1.4 (j)
        inhibitAnyPolicy = min(inhibitAnyPolicy, extensions.inhibitAnyPolicy ?? .max)
    }

    private mutating func checkAuthority(_ certificate: Certificate, _ i: Int) {
        // RFC 5280 §6.1.4 (k). A version 1 or 2 certificate cannot say that it is a CA's.
        if certificate.extensions.basicConstraints?.isCA != true {
            ledger.fail(.basicConstraints, at: i, "no CA certificate (version \(certificate.version))")
        }
        // RFC 5280 §6.1.4 (l)
        if !certificate.isSelfIssued {
            if maxPathLength > 0 {
                maxPathLength -= 1
            } else {
                ledger.fail(.pathLength, at: i, "more CA certificates than pathLenConstraint allows")
            }
        }
        // RFC 5280 §6.1.4 (m)
        maxPathLength = min(maxPathLength, certificate.extensions.basicConstraints?.pathLenConstraint ?? .max)
        // RFC 5280 §6.1.4 (n)
        if let usage = certificate.extensions.keyUsage, !usage.contains(.keyCertSign) {
            ledger.fail(.keyCertSign, at: i, "keyCertSign is not set")
        }
    }
}

// MARK: - §6.1.5 Wrap-up procedure

extension PathProcessor {
    private mutating func wrapUp(_ target: Certificate) {
        // RFC 5280 §6.1.5 (a)
        explicitPolicy = max(0, explicitPolicy - 1)
        // RFC 5280 §6.1.5 (b)
        if target.extensions.policyConstraints?.requireExplicitPolicy == 0 { explicitPolicy = 0 }
        checkSubjectKey()
        checkKeyUsage(target)
        checkPurpose()
    }

    /// The target's key serves the caller: too weak or malformed, it fails; of another kind, it is for the caller to say.
    private mutating func checkSubjectKey() {
        guard case .failure(let error) = path.targetKey else { return }
        switch error {
        case .unsupportedAlgorithm, .keyMismatch:
            ledger.note(.algorithm, .notApplicable, "the target's own key: \(error)")
        case .weakHash, .weakKey, .malformedKey: ledger.fail(.algorithm, "the target's own key: \(error)")
        }
    }

    private mutating func checkKeyUsage(_ target: Certificate) {
        guard !constraints.requiredKeyUsage.isEmpty else {
            return ledger.note(.requiredKeyUsage, .notApplicable, nil)
        }
        if let usage = target.extensions.keyUsage {
            if !usage.isSuperset(of: constraints.requiredKeyUsage) {
                ledger.fail(.requiredKeyUsage, "the target's keyUsage lacks a required bit")
            }
        } else if constraints.missingKeyUsage == .fails {
            ledger.fail(.requiredKeyUsage, "the target has no keyUsage")
        }
    }

    private mutating func checkPurpose() {
        guard let purpose = constraints.requiredExtendedKeyUsage else {
            return ledger.note(.requiredExtendedKeyUsage, .notApplicable, nil)
        }
        for (position, certificate) in path.certificates.enumerated() {
            guard let purposes = certificate.extensions.extendedKeyUsage, !purposes.contains(purpose),
                !purposes.contains(.anyExtendedKeyUsage)
            else { continue }
            ledger.fail(.requiredExtendedKeyUsage, at: count - position, "extKeyUsage lacks the required purpose")
        }
    }

    /// RFC 5280 §6.1.5 (g), as RFC 9618 §5.5 has it.
    private mutating func constrainPolicies() -> Set<OID> {
        let policies = graph.userConstrainedPolicies(constraints.initialPolicySet)
        if explicitPolicy == 0, policies.isEmpty {
            ledger.fail(.explicitPolicy, "no policy of the initial policy set holds for the path")
        }
        return policies
    }

    /// Rules about CA certificates, when the path is the target alone.
    private mutating func noteUnusedRules() {
        for rule in [PathRule.policyMapping, .basicConstraints, .pathLength, .keyCertSign] {
            ledger.note(rule, .notApplicable, nil)
        }
    }
}
