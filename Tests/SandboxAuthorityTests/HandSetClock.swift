import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import SandboxAuthority
import SignatureAlgorithms
import Synchronization
import Testing

/// A clock that a test sets.
final class HandSetClock: Sendable {
    private let time: Mutex<ValidationTime>

    init(_ time: ValidationTime = ValidationTime(secondsSince1970: 1_795_400_000)) { self.time = Mutex(time) }

    var now: ValidationTime { time.withLock { $0 } }

    func advance(bySeconds seconds: Int64) { time.withLock { $0 = $0.advanced(bySeconds: seconds) } }

    func settings(_ change: (inout SandboxSettings) -> Void = { _ in }) -> SandboxSettings {
        var settings = SandboxSettings(clock: { self.now })
        change(&settings)
        return settings
    }

    func sandbox(_ change: (inout SandboxSettings) -> Void = { _ in }) throws -> Sandbox {
        try Sandbox(settings: settings(change), baseURL: "http://127.0.0.1:1")
    }
}

extension ServedAnswer {
    /// The octets that were sent; nil when none were.
    var octets: [UInt8]? {
        switch self {
        case .octets(let octets), .late(let octets, _): octets
        case .nothing, .forbidden, .unavailable: nil
        }
    }
}

extension Sandbox {
    func statusIssuer(_ id: AuthorityID) throws -> StatusIssuer {
        let authority = try authorities.keys(id).issuing
        return StatusIssuer(name: authority.name, key: authority.key.publicKeyInfo)
    }

    /// An OCSP request about a certificate of a resident.
    func ocspRequest(_ item: ResidentCertificate, nonce: [UInt8]? = nil, hash: HashAlgorithm = .sha1) throws -> [UInt8]
    {
        let id = OCSPCertID(certificate: item.certificate, issuer: try statusIssuer(item.authority), hash: hash)
        return OCSPRequest(certIDs: [id], nonce: nonce).der
    }

    /// The decoded answer about a certificate, over the responder of its own medium.
    func ocsp(_ item: ResidentCertificate, nonce: [UInt8]? = nil) throws -> BasicOCSPResponse {
        let answer = try answer(ocspRequest: try ocspRequest(item, nonce: nonce), medium: item.kind.medium)
        let octets = try #require(answer.octets)
        return try #require(try OCSPResponse(der: octets).basic)
    }

    func certificate(_ archetype: Archetype, _ kind: CertificateKind) throws -> ResidentCertificate {
        try #require(try resident(archetype).certificate(kind))
    }
}

/// Whether `key` signed these octets.
func verifies(
    _ tbs: ArraySlice<UInt8>, _ signature: BitString, _ algorithm: AlgorithmIdentifier, _ key: SubjectPublicKeyInfo
)
    throws -> Bool
{
    let scheme = try #require(SignatureScheme(algorithm))
    let octets = try #require(signature.wholeOctets)
    return try PublicKey(key, suite: .current).verifies(octets, over: tbs, scheme: scheme)
}
