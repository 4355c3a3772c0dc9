import PKIX
import PathValidation
import SignatureAlgorithms

/// The evidence of one status question, and the work that is left for it. Questions about the signers of
/// lists are asked in the same session.
struct CRLSession {
    let context: CRLContext
    let lists: [CandidateList]
    /// The delta lists among them: current ones first, of these the latest first.
    let deltas: [CandidateList]
    /// Signers of lists whose own status is being asked, outermost first.
    private(set) var underQuestion: [Certificate] = []
    private let work: Work

    /// Signers that may hang on one another.
    static let largestDepth = 4
    /// Signature checks for one question.
    static let largestWork = 256

    private final class Work {
        var left = CRLSession.largestWork
        var known: [Signed: Bool] = [:]
    }

    private struct Signed: Hashable {
        let signature: BitString
        let key: SubjectPublicKeyInfo
    }

    init(context: CRLContext, lists: [CandidateList]) {
        (self.context, self.lists) = (context, lists)
        deltas = CRLSession.deltas(among: lists, context)
        work = Work()
    }

    private static func deltas(among lists: [CandidateList], _ context: CRLContext) -> [CandidateList] {
        let found = lists.enumerated().compactMap { position, candidate in
            candidate.list.crlNumber.flatMap { number in
                candidate.list.isDelta ? (candidate, number, context.isCurrent(candidate.list), position) : nil
            }
        }
        let ordered = found.sorted { left, right in
            if left.2 != right.2 { return left.2 }
            return left.1 == right.1 ? left.3 < right.3 : left.1 > right.1
        }
        return ordered.map(\.0)
    }

    var isExhausted: Bool { work.left <= 0 }

    func asking(about signer: Certificate) -> CRLSession {
        var inner = self
        inner.underQuestion.append(signer)
        return inner
    }

    /// Certificates under a name, the issuer's pool only: candidates, nothing more.
    func signers(named name: DistinguishedName) -> [Certificate] {
        var found: [Certificate] = []
        for certificate in context.pool + context.anchors.compactMap(\.certificate)
        where certificate.subject == name && !found.contains(certificate) {
            found.append(certificate)
        }
        return found
    }

    func verifies(_ list: CertificateList, under info: SubjectPublicKeyInfo) -> Bool {
        checked(list.signature, info) { key in (try? list.verifySignature(by: key)) != nil }
    }

    func verifies(_ certificate: Certificate, under info: SubjectPublicKeyInfo) -> Bool {
        checked(certificate.signature, info) { key in
            guard certificate.signatureAlgorithm == certificate.tbsSignatureAlgorithm,
                let scheme = SignatureScheme(certificate.signatureAlgorithm),
                let octets = certificate.signature.wholeOctets
            else { return false }
            return (try? key.verifies(octets, over: certificate.tbsEncoding, scheme: scheme)) == true
        }
    }

    private func checked(
        _ signature: BitString, _ info: SubjectPublicKeyInfo, _ verify: (PublicKey) -> Bool
    ) -> Bool {
        let question = Signed(signature: signature, key: info)
        if let known = work.known[question] { return known }
        guard work.left > 0 else { return false }
        work.left -= 1
        let answer = (try? PublicKey(info, suite: context.algorithms)).map(verify) ?? false
        work.known[question] = answer
        return answer
    }
}
