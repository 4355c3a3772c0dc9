import CertificateIssuing
import JPKIProfile
import LocalResponder
import OCSP
import Organizations
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation
import Synchronization
import Testing
import Verification

/// An authority with its lists, and a local responder that knows them.
struct ResponderFixture {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    let municipality: MunicipalityCode

    let authority: IssuingAuthority
    let namesake: IssuingAuthority
    let identity: ResponderIdentity
    let lists = HeldLists()
    let clock = HandSetClock(ResponderFixture.now)

    init(key: SigningKey? = nil) throws {
        municipality = try #require(MunicipalityCode("011002"))
        let name = DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name)])
        let start = Self.now.advanced(bySeconds: -86_400 * 365)
        let end = Self.now.advanced(bySeconds: 86_400 * 365)
        authority = try IssuingAuthority(root: name, key: .pooledRSA(0), notBefore: start, notAfter: end)
        namesake = try IssuingAuthority(
            root: name, key: .pooledRSA(1), serialNumber: SerialNumber(2), notBefore: start, notAfter: end)
        let signer = TestSigner(key: try key ?? .p256(seed: "local responder"))
        identity = try ResponderIdentity(
            certificate: ResponderCertificate.make(
                for: municipality, signer: signer, days: 30, serialNumber: [1, 2, 3], at: start), signer: signer)
    }

    var issuer: Issuer {
        Issuer(id: "g2", anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature])
    }

    func responder(maxListAge: Int = 604_800, longestReuse: Int = 3_600) -> OCSPResponder {
        let profile = KindProfile(
            kind: .cardDigitalSignature, policies: [.jpkiCardDigitalSignature], lists: .published, ocspURL: nil)
        return OCSPResponder(
            settings: LocalResponderSettings(
                municipality: municipality, environment: .sandbox,
                trust: TrustSettings(issuers: [issuer], kinds: [.cardDigitalSignature: profile]), issuers: [issuer],
                maxListAge: maxListAge, longestReuse: longestReuse),
            identity: identity, snapshot: { [lists] in lists.snapshot }, clock: clock)
    }

    /// A whole list of the authority.
    func list(
        revoking entries: [RevokedEntry] = [],
        number: UInt64 = 7,
        thisUpdate: ValidationTime = now.advanced(bySeconds: -3_600),
        nextUpdate: ValidationTime = now.advanced(bySeconds: 82_800)
    ) throws -> VerifiedList {
        let tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: thisUpdate,
            nextUpdate: nextUpdate, entries: entries, crlNumber: CRLNumber(number))
        let list = try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        return try VerifiedList.verify(list, key: PublicKey(authority.key.publicKeyInfo, suite: .current))
    }

    func certID(_ serial: UInt64, of issuer: IssuingAuthority? = nil, hash: HashAlgorithm = .sha1) -> OCSPCertID {
        let issuer = issuer ?? authority
        return OCSPCertID(
            serialNumber: SerialNumber(serial), issuerName: issuer.name, issuerKey: issuer.key.publicKeyInfo, hash: hash
        )
    }
}

/// The lists in force, set by hand.
final class HeldLists: ListProvider {
    private let state = Mutex<(generation: UInt64, lists: [VerifiedList])>((0, []))

    func hold(_ lists: [VerifiedList]) { state.withLock { $0 = ($0.generation + 1, lists) } }

    var snapshot: ListSnapshot { ListSnapshot(generation: state.withLock { $0.generation }, lists: self) }

    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        let lists = state.withLock { $0.lists }
        return .held(
            lists.map { HeldList($0, digest: HashAlgorithm.sha256.digest(of: $0.list.der)) },
            missing: lists.isEmpty ? .some : .none)
    }
}

final class HandSetClock: TrustedClock {
    private let state: Mutex<ClockReading>

    init(_ now: ValidationTime) { state = Mutex(ClockReading(now: now, trust: .trusted)) }

    func set(_ now: ValidationTime, _ trust: ClockTrust = .trusted) {
        state.withLock { $0 = ClockReading(now: now, trust: trust) }
    }

    func reading() -> ClockReading { state.withLock { $0 } }
}

/// A sandbox key behind the signer's port.
struct TestSigner: Signer {
    let key: SigningKey
    var keyID: String { "test" }
    var subjectPublicKeyInfo: [UInt8] { Array(key.publicKeyInfo.encoding) }

    func sign(_ message: [UInt8]) throws -> [UInt8] { try key.signature(over: message, scheme: key.scheme) }
}
