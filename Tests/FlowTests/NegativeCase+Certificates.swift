import CertificateIssuing
import JPKIProfile
import PKIX
import PlatformClient
import SandboxAuthority

extension NegativeCase {
    /// An application signed with a 署名用 certificate in which one thing is wrong.
    private static func defective(
        _ name: String,
        _ expected: String,
        _ defects: @escaping @Sendable (Town) throws -> [CertificateDefect]
    ) -> NegativeCase {
        NegativeCase(name, expected) { town in
            var request = MintRequest()
            request.municipality = SandboxMunicipality.all[0]
            request.defects = try defects(town)
            return try await town.ask(town.signedApplication(town.sandbox.mint(request)))
        }
    }

    private static func key(_ town: Town, _ generation: Generation) throws -> SigningKey {
        try town.sandbox.authorities.keys(AuthorityID(.cardDigitalSignature, generation)).issuing.key
    }

    static var certificates: [NegativeCase] {
        [
            defective(
                "expired",
                "invalid; EXPIRED; REVOCATION_OUT_OF_BOUNDS_NO_POE; failed validity_period, ocsp_response; undetermined revocation; status undetermined (certificate_expired)"
            ) { [.expired(at: $0.now)] },
            defective(
                "not yet valid",
                "invalid; NOT_YET_VALID; failed validity_period, ocsp_response; status good by fresh_crl, degraded"
            ) { [.notYetValid(at: $0.now)] },
            defective(
                "issuer's name, other generation's key: signed by generation 1 as generation 2",
                "invalid; CERTIFICATE_CHAIN_GENERAL_FAILURE; TRY_LATER; failed certificate_signature; undetermined revocation; status undetermined (no_matching_crl)"
            ) {
                [.signedBy(try key($0, .first))]
            },
            defective(
                "issuer's name, other generation's key: signed by generation 2 as generation 1",
                "invalid; CERTIFICATE_CHAIN_GENERAL_FAILURE; TRY_LATER; failed certificate_signature; undetermined revocation; status undetermined (no_matching_crl)"
            ) {
                [.authorityKeyIdentifier(try key($0, .first).keyIdentifier)]
            },
            defective(
                "one bit of the certificate turned",
                "invalid; CERTIFICATE_CHAIN_GENERAL_FAILURE; TRY_LATER; failed certificate_signature; undetermined revocation; status undetermined (no_matching_crl)"
            ) { _ in [.tampered] },
            defective(
                "one bit of the certificate's signature turned",
                "invalid; CERTIFICATE_CHAIN_GENERAL_FAILURE; TRY_LATER; failed certificate_signature; undetermined revocation; status undetermined (no_matching_crl)"
            ) { _ in [.tamperedSignature] },
            defective(
                "algorithm beside the signature is not the one inside",
                "invalid; FORMAT_FAILURE; CERTIFICATE_CHAIN_GENERAL_FAILURE; TRY_LATER; failed certificate_signature, algorithm; undetermined revocation; status undetermined (no_matching_crl)"
            ) { _ in [.algorithmMismatch] },
            defective(
                "署名用 without nonRepudiation in keyUsage",
                "invalid; CHAIN_CONSTRAINTS_FAILURE; failed key_usage; status good by ocsp"
            ) { _ in [.keyUsage(.digitalSignature)] },
            defective(
                "署名用 without keyUsage", "invalid; CHAIN_CONSTRAINTS_FAILURE; failed key_usage; status good by ocsp"
            ) { _ in [.keyUsage([])] },
            defective(
                "a policy that nobody configured",
                "invalid; CHAIN_CONSTRAINTS_FAILURE; TRY_LATER; failed certificate_policy, profile; undetermined revocation; status undetermined (no_matching_crl)"
            ) { _ in [.policies([OID(constant: 1, 2, 3, 4)])] },
            defective(
                "the policy of 利用者証明用 in a 署名用 certificate",
                "invalid; CHAIN_CONSTRAINTS_FAILURE; TRY_LATER; failed certificate_policy, profile; undetermined revocation; status undetermined (no_matching_crl)"
            ) { _ in
                [.policies([CertificateKind.cardUserAuthentication.sandboxPolicy])]
            },
            defective(
                "unknown critical extension",
                "invalid; CERTIFICATE_CHAIN_GENERAL_FAILURE; failed critical_extensions; status good by ocsp"
            ) { _ in [.unknownCriticalExtension] },
            defective(
                "certificate signed with SHA-1",
                "invalid; CRYPTO_CONSTRAINTS_FAILURE; TRY_LATER; failed algorithm; undetermined certificate_signature, revocation; status undetermined (no_matching_crl)"
            ) { _ in [.insecureSHA1Signature] },
            rsa1024, trailingOctets,
            foreign(
                "unknown issuer",
                "invalid; NO_CERTIFICATE_CHAIN_FOUND; CHAIN_CONSTRAINTS_FAILURE; TRY_LATER; failed trust_anchor, certificate_policy, profile; undetermined certificate_signature, revocation; status undetermined (no_matching_crl)",
                sameName: nil),
            foreign(
                "unknown issuer under the name of a known one",
                "invalid; NO_CERTIFICATE_CHAIN_FOUND; CHAIN_CONSTRAINTS_FAILURE; TRY_LATER; failed trust_anchor, certificate_policy, profile; undetermined certificate_signature, revocation; status undetermined (no_matching_crl)",
                sameName: .cardDigitalSignature),
            NegativeCase(
                "never issued, though its signature is right",
                "undetermined; TRY_LATER; undetermined revocation; status unknown by ocsp"
            ) { town in
                var request = MintRequest()
                request.registration = .neverIssued
                return try await town.ask(town.signedApplication(town.sandbox.mint(request)))
            },
        ]
    }

    private static var rsa1024: NegativeCase {
        NegativeCase(
            "RSA key of 1024 bits",
            "invalid; CRYPTO_CONSTRAINTS_FAILURE; CRYPTO_CONSTRAINTS_FAILURE; failed algorithm, signature_value; status good by ocsp"
        ) { town in
            let key = try SigningKey.insecureRSA1024()
            var request = MintRequest()
            request.defects = [.subjectKey(key)]
            let resident = try town.sandbox.mint(request)
            var call = try town.signedApplication(resident)
            call.signature = try key.signature(over: Town.application)
            return try await town.ask(call)
        }
    }

    private static var trailingOctets: NegativeCase {
        NegativeCase(
            "octets after the certificate's end",
            "invalid; FORMAT_FAILURE; NO_SIGNING_CERTIFICATE_FOUND; TRY_LATER; failed certificate_format, signature_value; undetermined revocation; status undetermined (no_matching_crl)"
        ) { town in
            var call = try town.signedApplication(town.sandbox.mint())
            call.certificate.append(0)
            return try await town.ask(call)
        }
    }

    /// A certificate like a resident's own, issued by somebody else.
    private static func foreign(_ name: String, _ expected: String, sameName kind: CertificateKind?) -> NegativeCase {
        NegativeCase(name, expected) { town in
            let resident = try town.sandbox.mint()
            var call = try town.signedApplication(resident)
            guard let own = resident.certificate(.cardDigitalSignature)?.certificate else {
                return try await town.ask(call)
            }
            let stranger = DistinguishedName([(.country, "JP"), (.organization, "Stranger")])
            let authority = try IssuingAuthority(
                root: kind == nil ? stranger : own.issuer, key: .p256(seed: "flow-stranger"),
                notBefore: own.notBefore, notAfter: own.notAfter)
            let request = CertificateRequest(
                serialNumber: own.serialNumber, subject: own.subject, publicKeyInfo: own.subjectPublicKeyInfo,
                notBefore: own.notBefore, notAfter: own.notAfter,
                extensions: own.extensions.all.filter {
                    $0.id != .authorityKeyIdentifier && $0.id != .subjectKeyIdentifier
                })
            call.certificate = try authority.issueDER(request)
            return try await town.ask(call)
        }
    }
}
