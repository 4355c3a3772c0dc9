package import PKIX
internal import SignatureAlgorithms

/// What is wrong with a certificate that a test asks for. Defects apply in the order given.
package enum CertificateDefect: Sendable {
    /// Ended one day before the given time.
    case expired(at: ValidationTime)
    /// Begins one day after the given time.
    case notYetValid(at: ValidationTime)
    /// Other policies than its kind's; an empty list leaves the extension out.
    case policies([OID])
    /// Another key usage; an empty set leaves the extension out.
    case keyUsage(KeyUsage)
    /// An extension that nobody knows, marked critical.
    case unknownCriticalExtension
    /// An extension without which the profile cannot be met, left out.
    case withoutExtension(OID)
    /// Any extension, in place of one with the same identifier or as a new one.
    case withExtension(Extension)
    /// `sha1WithRSAEncryption` or `ecdsa-with-SHA1`, properly signed.
    case insecureSHA1Signature
    /// Signed by another key than the issuer's: the other generation's.
    case signedBy(SigningKey)
    /// The AKI names another key than the one that signed.
    case authorityKeyIdentifier([UInt8])
    /// Another subject key, for example RSA-1024; the key identifier is left as it is.
    case subjectKey(SigningKey)
    /// Other points than its own: two points, or another city's.
    case distributionPoints([DistributionPoint])
    /// One bit of the signed part turned after signing.
    case tampered
    /// One bit of the signature turned.
    case tamperedSignature
    /// The algorithm beside the signature is not the one inside the signed part.
    case algorithmMismatch
    /// Octets after the certificate's end: the result does not decode.
    case trailingOctets
    /// Another serial number: zero, negative, or of twenty octets.
    case serialNumber(SerialNumber)
}

/// A certificate on its way to being signed.
struct CertificateDraft {
    var tbs: TBSCertificate
    var key: SigningKey
    var scheme: SignatureScheme
    var outerAlgorithm: AlgorithmIdentifier?
    /// What is done to the finished encoding, given where the signed part lies.
    var afterwards: [([UInt8], _ tbsCount: Int) -> [UInt8]] = []

    init(tbs: TBSCertificate, key: SigningKey, scheme: SignatureScheme) {
        (self.tbs, self.key, self.scheme) = (tbs, key, scheme)
    }

    func encoding() throws -> [UInt8] {
        let signed = tbs.der
        let algorithm = outerAlgorithm ?? tbs.signature
        let encoding = try signedEnvelope(tbs: signed, algorithm: algorithm) {
            try key.signature(over: $0, scheme: scheme)
        }
        return afterwards.reduce(encoding) { $1($0, signed.count) }
    }

    mutating func replace(_ id: OID, with replacement: Extension?) {
        if let index = tbs.extensions.firstIndex(where: { $0.id == id }) {
            tbs.extensions.remove(at: index)
            if let replacement { tbs.extensions.insert(replacement, at: index) }
        } else if let replacement {
            tbs.extensions.append(replacement)
        }
    }
}

extension CertificateDefect {
    func apply(to draft: inout CertificateDraft) throws {
        switch self {
        case .expired(let time):
            let end = time.advanced(bySeconds: -86_400)
            draft.tbs.notAfter = end
            draft.tbs.notBefore = min(draft.tbs.notBefore, end.advanced(bySeconds: -157_680_000))
        case .notYetValid(let time):
            let start = time.advanced(bySeconds: 86_400)
            draft.tbs.notBefore = start
            draft.tbs.notAfter = max(draft.tbs.notAfter, start.advanced(bySeconds: 157_680_000))
        case .insecureSHA1Signature:
            if case .ecdsa = draft.scheme { draft.scheme = .ecdsa(.sha1) } else { draft.scheme = .rsaPKCS1(.sha1) }
            draft.tbs.signature = draft.scheme.identifier
        case .signedBy(let key):
            draft.key = key
            draft.scheme = key.scheme
            draft.tbs.signature = key.scheme.identifier
        case .subjectKey(let key): draft.tbs.subjectPublicKeyInfo = Array(key.publicKeyInfo.encoding)
        case .serialNumber(let serial): draft.tbs.serialNumber = serial
        case .algorithmMismatch: draft.outerAlgorithm = SignatureScheme.rsaPKCS1(.sha512).identifier
        case .tampered, .tamperedSignature, .trailingOctets: applyAfterwards(to: &draft)
        default: applyExtension(to: &draft)
        }
    }

    private func applyExtension(to draft: inout CertificateDraft) {
        switch self {
        case .policies(let oids):
            let policies = oids.map { PolicyInformation($0) }
            draft.replace(.certificatePolicies, with: oids.isEmpty ? nil : .certificatePolicies(policies))
        case .keyUsage(let usage): draft.replace(.keyUsage, with: usage.isEmpty ? nil : .keyUsage(usage))
        case .unknownCriticalExtension:
            draft.tbs.extensions.append(
                Extension(id: OID(constant: 1, 3, 6, 1, 4, 1, 99_999, 1), critical: true, value: [0x05, 0x00]))
        case .withoutExtension(let id): draft.replace(id, with: nil)
        case .withExtension(let item): draft.replace(item.id, with: item)
        case .authorityKeyIdentifier(let identifier):
            draft.replace(.authorityKeyIdentifier, with: .authorityKeyIdentifier(identifier))
        case .distributionPoints(let points):
            draft.replace(.cRLDistributionPoints, with: points.isEmpty ? nil : .cRLDistributionPoints(points))
        default: break
        }
    }

    private func applyAfterwards(to draft: inout CertificateDraft) {
        switch self {
        case .tampered:
            // The last octet of the signed part lies in the last extension, the subjectKeyIdentifier.
            draft.afterwards.append { encoding, count in
                var octets = encoding
                let header = octets[1] < 0x80 ? 2 : 2 + Int(octets[1] & 0x7F)
                octets[header + count - 1] ^= 0x01
                return octets
            }
        case .tamperedSignature:
            draft.afterwards.append { encoding, _ in
                var octets = encoding
                octets[octets.count - 1] ^= 0x01
                return octets
            }
        case .trailingOctets: draft.afterwards.append { encoding, _ in encoding + [0x00] }
        default: break
        }
    }
}
