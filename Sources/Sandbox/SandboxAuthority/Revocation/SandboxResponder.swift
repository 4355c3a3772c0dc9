import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms

/// What went out over HTTP, or what happens instead of an answer.
package enum ServedAnswer: Sendable {
    case octets([UInt8])
    /// The right octets after so many milliseconds.
    case late([UInt8], milliseconds: Int)
    /// The connection is closed.
    case nothing
    case forbidden
    case unavailable
}

/// The OCSP responder for cards or the one for smartphones (RFC 6960).
///
/// It speaks for its own medium's authorities alone: about any other issuer it answers `unauthorized`.
struct SandboxResponder: Sendable {
    let medium: CertificateKind.Medium
    let settings: SandboxSettings
    let authorities: SandboxAuthorities
    let register: ResidentRegister
    let faults: FaultBoard

    /// Seconds from thisUpdate to nextUpdate: J-LIS renews its data every 15 minutes.
    static let validity: Int64 = 900
    /// How far back the fault `stale` answers, seconds.
    private static let staleness: Int64 = 3 * 86_400

    func answer(to request: [UInt8], signer: SandboxSettings.ResponseSigner) throws -> ServedAnswer {
        let fault = faults.fault(on: .responder(medium))
        switch fault {
        case .down: return .nothing
        case .tryLater: return .octets(OCSPResponseWriter.error(.tryLater))
        case .malformed:
            let octets = try response(to: request, signer: signer, fault: nil)
            return .octets(Array(octets.prefix(octets.count / 2)))
        case .slow(let milliseconds):
            return .late(try response(to: request, signer: signer, fault: nil), milliseconds: milliseconds)
        case .wrongKey, .stale, .unauthorised, nil:
            return .octets(try response(to: request, signer: signer, fault: fault))
        }
    }

    private func response(
        to octets: [UInt8],
        signer: SandboxSettings.ResponseSigner,
        fault: Fault?
    ) throws -> [UInt8] {
        guard let request = try? OCSPRequest(der: octets) else { return OCSPResponseWriter.error(.malformedRequest) }
        let asked = request.certIDs.map { id in (id: id, authority: authority(of: id)) }
        guard let authority = asked.first?.authority, asked.allSatisfy({ $0.authority != nil }) else {
            return OCSPResponseWriter.error(.unauthorized)
        }
        let now = settings.clock().advanced(bySeconds: fault == .stale ? -SandboxResponder.staleness : 0)
        let responses = asked.map { item in
            OCSPSingleResponse(
                certID: item.id, certStatus: status(item.id.serialNumber, (item.authority ?? authority).id),
                thisUpdate: now, nextUpdate: now.advanced(bySeconds: SandboxResponder.validity))
        }
        let identity = try identity(authority, signer: signer, fault: fault)
        var writer = OCSPResponseWriter(
            responderID: identity.responderID, producedAt: now, responses: responses,
            nonce: request.nonce.map { Array($0) }, signatureAlgorithm: identity.key.scheme.identifier)
        // Each authority that was asked about has vouched for the responder's key in a certificate of its own.
        writer.certificates =
            identity.certificate.map { first in
                [first] + others(asked.compactMap { $0.authority?.id }, than: authority.id)
            } ?? []
        return try writer.signed { try identity.key.signature(over: $0) }
    }

    private func others(_ ids: [AuthorityID], than first: AuthorityID) -> [Certificate] {
        Set(ids).subtracting([first]).compactMap { authorities.all[$0]?.responderCertificate }
    }

    private func status(_ serial: SerialNumber, _ authority: AuthorityID) -> OCSPSingleResponse.CertStatus {
        guard let record = register.record(authority, serial) else { return .unknown }
        return record.revocation.map { .revoked(at: $0.at, reason: $0.reason) } ?? .good
    }

    private func authority(of id: OCSPCertID) -> SandboxAuthorityKeys? {
        AuthorityID.all.lazy.filter { $0.kind.medium == medium }.compactMap { authorities.all[$0] }.first { keys in
            id.isIssued(by: StatusIssuer(name: keys.issuing.name, key: keys.issuing.key.publicKeyInfo))
        }
    }

    private struct Identity {
        let responderID: OCSPResponderID
        let key: SigningKey
        /// nil when the authority's own key signs.
        let certificate: Certificate?
    }

    private func identity(
        _ authority: SandboxAuthorityKeys,
        signer: SandboxSettings.ResponseSigner,
        fault: Fault?
    ) throws -> Identity {
        guard let delegated = authorities.responderKeys[medium] else { throw SandboxError.unknownTarget }
        if signer == .authorityKey, fault != .unauthorised {
            let key = fault == .wrongKey ? authorities.strangerKey : authority.issuing.key
            return Identity(responderID: .byName(authority.issuing.name), key: key, certificate: nil)
        }
        let certificate = fault == .unauthorised ? authority.unauthorisedCertificate : authority.responderCertificate
        return Identity(
            responderID: .byKey(of: delegated.publicKeyInfo),
            key: fault == .wrongKey ? authorities.strangerKey : delegated, certificate: certificate)
    }
}
