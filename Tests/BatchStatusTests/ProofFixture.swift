import BatchStatus
import CertificateIssuing
import JPKIProfile
import OfflineEvidence
import Organizations
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import WireFormat

/// A resident's certificate, lists of several days, and proofs collected at a counter without a network.
struct ProofFixture {
    static let day: Int64 = 86_400
    static let now = BatchFixture.start
    static let challenge = Array("a nonce of the vendor's own".utf8)
    static let serial = SerialNumber(0x0132_C4AB)

    let base: BatchFixture
    let key: SigningKey
    let certificate: Certificate

    init(notAfter: ValidationTime = now.advanced(bySeconds: 365 * day)) throws {
        let key = try SigningKey.pooledRSA(2)
        let authority = try BatchFixture.newAuthority()
        certificate = try ProofFixture.issue(authority, ProofFixture.serial, key, notAfter: notAfter)
        self.key = key
        let kind = CertificateKind.cardDigitalSignature
        let trust = TrustSettings(
            issuers: [Issuer(id: "issuer-a", anchor: TrustAnchor(authority.certificate), kinds: [kind])],
            kinds: [
                kind: KindProfile(kind: kind, policies: [.jpkiCardDigitalSignature], lists: .published, ocspURL: nil)
            ])
        base = try BatchFixture(authority, trust: trust)
        base.lists.use(try list(of: 0))
    }

    private static func issue(
        _ authority: IssuingAuthority, _ serial: SerialNumber, _ key: SigningKey, notAfter: ValidationTime
    ) throws -> Certificate {
        try authority.issue(
            CertificateRequest(
                serialNumber: serial,
                subject: DistinguishedName([(.country, "JP"), (.commonName, "SANDBOX0001")]),
                publicKeyInfo: key.publicKeyInfo, notBefore: now.advanced(bySeconds: -300 * day), notAfter: notAfter,
                extensions: [
                    .keyUsage([.digitalSignature, .nonRepudiation]),
                    .certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature)]),
                ]), defects: [])
    }

    /// One more certificate of the authority.
    func issue(_ serial: SerialNumber, _ key: SigningKey) throws -> Certificate {
        try ProofFixture.issue(
            base.authority, serial, key, notAfter: ProofFixture.now.advanced(bySeconds: 365 * ProofFixture.day))
    }

    /// The list issued `days` ago at midnight of the fixture's clock, for a day.
    func list(
        of days: Int64, revoking revokedAt: ValidationTime? = nil, reason: RevocationReason = .affiliationChanged
    ) throws -> VerifiedList {
        let from = ProofFixture.now.advanced(bySeconds: -days * ProofFixture.day - 60)
        let authority = base.authority
        let entries = revokedAt.map {
            [RevokedEntry(serialNumber: ProofFixture.serial, revokedAt: $0, reason: reason, certificateIssuer: nil)]
        }
        let tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: from,
            nextUpdate: from.advanced(bySeconds: ProofFixture.day), entries: entries ?? [],
            crlNumber: CRLNumber(UInt64(1_000 - days)),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.key.keyIdentifier[...]))
        let list = try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        return try VerifiedList.verify(list, key: try PublicKey(authority.key.publicKeyInfo, suite: .current))
    }

    /// Puts the list of `days` ago into the archive: in force from its thisUpdate to the next one's.
    func archive(_ days: Int64, revoking revokedAt: ValidationTime? = nil) throws {
        let list = try list(of: days, revoking: revokedAt)
        let from = list.list.thisUpdate
        base.lists.past.add(list, since: from, until: from.advanced(bySeconds: ProofFixture.day))
    }

    /// A time `days` ago, `seconds` later.
    func time(_ days: Int64, _ seconds: Int64 = 0) -> ValidationTime {
        ProofFixture.now.advanced(bySeconds: -days * ProofFixture.day + seconds)
    }

    /// A line about a proof that was checked at `time`.
    func line(
        _ reference: String, _ time: ValidationTime, over content: [UInt8] = ProofFixture.challenge,
        challenge: [UInt8] = ProofFixture.challenge, key: SigningKey? = nil, certificate: Certificate? = nil
    ) throws -> String {
        let (key, certificate) = (key ?? self.key, certificate ?? self.certificate)
        let signature = try key.signature(over: content, scheme: .rsaPKCS1(.sha256))
        return #"{"ref":"\#(reference)","certificate":"\#(base64(certificate.der))","#
            + #""signature_algorithm":"sha256WithRSAEncryption","content":"\#(base64(content))","#
            + #""challenge":"\#(base64(challenge))","signature":"\#(base64(signature))","#
            + #""checked_at":"\#(time.description)"}"# + "\n"
    }

    static func order(key: String? = nil) -> BatchService.Order {
        .init(kind: .verification, format: .ndjson, purpose: "check", policyID: nil, idempotencyKey: key)
    }

    /// Submits the lines, and reads job and items once it is finished.
    func run(_ text: String) async throws -> (job: BatchJob, items: [JSONValue]) {
        let service = try base.service()
        let id = try await BatchFixture.submit(text, to: service, ProofFixture.order()).job.id
        return try await base.running(service) {
            let job = try await BatchFixture.finished(id, service, kind: .verification)
            let octets = try await BatchFixture.result(id, service, kind: .verification)
            return (job, try octets.split(separator: 0x0A).map { try JSONValue(Array($0)) })
        }
    }
}

extension JSONValue {
    /// The text of a member.
    func text(_ name: String) -> String? {
        guard case .object(let members) = self, case .string(let text)? = members[name] else { return nil }
        return text
    }

    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }
}
