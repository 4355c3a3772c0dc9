package import JPKIProfile
package import PKIX
internal import PathValidation
internal import RevocationLists
package import SignatureValidation
internal import Verification

/// A set answers for itself: who holds one is answered from it alone, whatever comes into force meanwhile.
extension RevocationListSet: ListProvider {
    package func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        let keys = [issuer.anchor.subjectPublicKeyInfo] + trust.acceptedListKeys(for: issuer)
        let found = keys.map { key in
            certificate.map { candidates(for: $0, signedBy: key) } ?? candidates(signedBy: key)
        }
        return .held(
            found.flatMap(\.lists).map { HeldList($0.verified, digest: $0.digest) },
            missing: found.allSatisfy(\.missing.isEmpty) ? .none : .some)
    }
}

/// The verification service reads the set in force through its own port.
extension RevocationListHolder: ListProvider {
    package func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        current.lists(for: certificate, of: issuer, trust: trust)
    }
}
