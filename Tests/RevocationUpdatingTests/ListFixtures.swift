import CertificateIssuing
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms

/// The instant at which every test here stands: 2026-04-01T00:00:00Z.
let noon = ValidationTime(secondsSince1970: 1_775_001_600)
let day: Int64 = 86_400

/// Two generations of an authority that share one name, and one of another name.
enum Authorities {
    static let name = DistinguishedName([
        (.country, "JP"), (.organization, SandboxOrganization.name), (.commonName, "A"),
    ])
    static let otherName = DistinguishedName([(.country, "JP"), (.commonName, "B")])

    static func generation(_ number: Int) throws -> IssuingAuthority {
        // RSA, so that one recipe makes one list: ECDSA signatures differ each time.
        try authority(name, SigningKey.pooledRSA(number))
    }

    static func authority(_ name: DistinguishedName, _ key: SigningKey) throws -> IssuingAuthority {
        try IssuingAuthority(
            root: name, key: key, notBefore: noon.advanced(bySeconds: -day), notAfter: noon.advanced(bySeconds: day))
    }
}

/// The name of a municipality's directory entry, as in JPKI's distribution points.
func cityPoint(_ city: String) -> DistributionPointName {
    .fullName([.directoryName(DistinguishedName([(.country, "JP"), (.organization, "JPKI"), (.commonName, city)]))])
}

/// What a list shall say.
struct ListRecipe {
    var authority: IssuingAuthority
    var number: CRLNumber? = CRLNumber(10)
    var thisUpdate = noon
    var nextUpdate: ValidationTime? = noon.advanced(bySeconds: day)
    var serials: [UInt64] = [1, 2, 3]
    var point: DistributionPointName?
    var base: CRLNumber?
    var extensions: [Extension] = []
    /// Signs in place of the authority's own.
    var signer: SigningKey?

    init(_ authority: IssuingAuthority) { self.authority = authority }

    func with(_ change: (inout ListRecipe) -> Void) -> ListRecipe {
        var copy = self
        change(&copy)
        return copy
    }

    func der() throws -> [UInt8] {
        var list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: thisUpdate,
            nextUpdate: nextUpdate,
            entries: serials.map {
                RevokedEntry(
                    serialNumber: SerialNumber($0), revokedAt: noon.advanced(bySeconds: -day), reason: .superseded)
            },
            crlNumber: number)
        list.baseCRLNumber = base
        list.issuingDistributionPoint = point.map { IssuingDistributionPoint(name: $0) }
        list.otherExtensions = extensions
        let key = signer ?? authority.key
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try key.signature(over: $0, scheme: authority.scheme)
        }
    }
}

/// A source of the authority's lists.
func source(
    _ id: String = "whole",
    of authority: IssuingAuthority,
    at location: CRLSource.Location = .http(url: "http://lists.invalid/a.crl"),
    scope: CRLSource.ExpectedScope = .complete,
    maximumSize: Int = CRLSource.defaultMaximumSize,
    deadline: Int? = nil
) -> CRLSource {
    CRLSource(
        id: id, issuerID: "issuer-a", issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
        location: location, scope: scope, maximumSize: maximumSize, deadline: deadline)
}
