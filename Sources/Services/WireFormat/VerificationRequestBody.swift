internal import PKIX
package import SignatureAlgorithms
package import Verification

/// `POST /v1/verifications`: the request itself, and how its answer is to be written.
package struct VerificationRequestBody: Hashable, Sendable {
    package let request: VerificationRequest
    package let presentation: Presentation

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            // Read in one go, so that one refusal names every fault.
            let certificate = reader.octets("certificate", upTo: WireLimit.certificate)
            reader.skipChain()
            let scheme = reader.signatureScheme()
            let message = reader.message(scheme)
            let signature = reader.octets("signature", upTo: WireLimit.signature)
            let challengeID = reader.optionalText("challenge_id", upTo: WireLimit.identifier)
            let purpose = reader.text("purpose", upTo: WireLimit.identifier)
            let policyID = reader.optionalText("policy_id", upTo: WireLimit.identifier)
            let revocation = reader.revocationPreference()
            let time = reader.optionalTime("validation_time")
            let claims = reader.claims()
            let presentation = reader.presentation()
            guard let certificate, let message, let signature, let purpose else { return nil }
            return VerificationRequestBody(
                request: VerificationRequest(
                    certificate: certificate, message: message, scheme: scheme, signature: signature,
                    challengeID: challengeID, purpose: purpose, policyID: policyID, revocation: revocation,
                    validationTime: time, claims: claims),
                presentation: presentation)
        }
    }

    private init(request: VerificationRequest, presentation: Presentation) {
        (self.request, self.presentation) = (request, presentation)
    }
}

/// How an answer is written.
package struct Presentation: Hashable, Sendable {
    package let reportLevel: ReportLevel
    /// Languages of the sentences, BCP 47, in order of preference; empty for all there are.
    package let locales: [String]

    package init(reportLevel: ReportLevel = .simple, locales: [String] = []) {
        (self.reportLevel, self.locales) = (reportLevel, locales)
    }
}

extension ObjectReader {
    /// JPKI has one tier: intermediate certificates are taken for the sake of other clients' habits and not used.
    fileprivate func skipChain() {
        for text in texts("certificate_chain", upTo: WireLimit.chainCertificates, each: WireLimit.certificate * 2)
        where decodeBase64(text) == nil {
            note(.malformedBase64, "must hold base64 certificates", at: "certificate_chain")
        }
    }

    /// The scheme of `signature_algorithm` and `hash_algorithm`. A name that is not in the table is no fault of the
    /// request: it gives nil, and the report a failed check.
    func signatureScheme() -> SignatureScheme? {
        let hash = optionalChoice("hash_algorithm", of: HashAlgorithm.self)
        guard let name = text("signature_algorithm"), let scheme = SignatureScheme(wireName: name, hash: hash)
        else { return nil }
        if let hash, hash != scheme.hash {
            note(.conflict, "must be the hash of signature_algorithm", at: "hash_algorithm")
        }
        return scheme
    }

    func message(_ scheme: SignatureScheme?) -> VerificationRequest.Message? {
        let content = optionalOctets("content", upTo: WireLimit.content)
        let digest = optionalOctets("digest", upTo: WireLimit.digest)
        if has("content") == has("digest") {
            note(has("content") ? .conflict : .missing, "exactly one of digest and content is required", at: "digest")
            return nil
        }
        if let digest, let scheme, digest.count != scheme.hash.digestLength {
            note(.outOfRange, "must have the \(scheme.hash.digestLength) octets of the hash", at: "digest")
        }
        return content.map { .content($0) } ?? digest.map { .digest($0) }
    }

    fileprivate func claims() -> Set<Claim> {
        let names = texts("claims", upTo: Claim.allCases.count)
        let claims = names.compactMap(Claim.init(rawValue:))
        if claims.count != names.count {
            note(.notAllowed, "must be of \(Claim.allCases.map(\.rawValue).joined(separator: ", "))", at: "claims")
        }
        return Set(claims)
    }

    func revocationPreference() -> RevocationPreference {
        optionalObject("revocation") { reader in
            let method = reader.optionalChoice("preferred_method", of: RevocationMethodName.self)
            let fallback = reader.optionalBoolean("allow_fallback")
            return RevocationPreference(
                preferredMethod: method.map { $0 == .ocsp ? .ocsp : .crl },
                fallback: fallback.map { $0 ? .allowed : .forbidden },
                maxAgeSeconds: reader.optionalInteger("max_age_seconds", in: 0...31_536_000))
        } ?? RevocationPreference()
    }

    func presentation() -> Presentation {
        Presentation(
            reportLevel: optionalChoice("report_level", of: ReportLevel.self) ?? .simple,
            locales: texts("locale", upTo: WireLimit.locales, each: 35))
    }
}

/// The names of `revocation.preferred_method`.
private enum RevocationMethodName: String, CaseIterable {
    case ocsp
    case crl
}

extension SignatureScheme {
    /// The scheme of a name of the API, for example `sha256WithRSAEncryption`; nil for any other.
    ///
    /// - Parameter hash: needed for `rsassaPss` alone, whose name says none; SHA-256 when nil.
    package init?(wireName name: String, hash: HashAlgorithm?) {
        switch name {
        case "sha256WithRSAEncryption": self = .rsaPKCS1(.sha256)
        case "sha384WithRSAEncryption": self = .rsaPKCS1(.sha384)
        case "sha512WithRSAEncryption": self = .rsaPKCS1(.sha512)
        case "ecdsa-with-SHA256": self = .ecdsa(.sha256)
        case "ecdsa-with-SHA384": self = .ecdsa(.sha384)
        case "ecdsa-with-SHA512": self = .ecdsa(.sha512)
        case "rsassaPss": self = .rsaPSS(hash ?? .sha256)
        // SHA-1 is read, so that the report can say that it is refused.
        case "sha1WithRSAEncryption": self = .rsaPKCS1(.sha1)
        default: return nil
        }
    }
}
