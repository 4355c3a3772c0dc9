package import CertificateIssuing
package import PKIX
package import RevocationLists
package import RevocationUpdating
internal import SignatureAlgorithms

/// The lists of the list store's tests: list N has number N, came N seconds later, and says N in every entry, so that
/// an answer made of two lists is seen.
package struct ProbeAuthority: Sendable {
    /// 2026-04-01T00:00:00Z.
    package static let start = ValidationTime(secondsSince1970: 1_775_001_600)
    package static let entries = 64

    package let authority: IssuingAuthority
    package let source: CRLSource

    package init() throws {
        let name = DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name), (.commonName, "P")])
        // RSA, so that one recipe makes one list: ECDSA signatures differ each time.
        authority = try IssuingAuthority(
            root: name, key: .pooledRSA(2), notBefore: ProbeAuthority.start.advanced(bySeconds: -86_400),
            notAfter: ProbeAuthority.start.advanced(bySeconds: 86_400))
        source = CRLSource(
            id: "probe", issuerID: "issuer-p", issuerName: name, issuerKey: authority.key.publicKeyInfo,
            location: .http(url: "http://lists.invalid/p.crl"), scope: .complete)
    }

    /// The serials of list `number`: 64 that every list has, 64 of its own.
    package static func serials(_ number: UInt64) -> [UInt64] {
        let own = 1_000_000 + number * 1_000
        return Array(1...UInt64(entries)) + (0..<UInt64(entries)).map { own + $0 }
    }

    package static func revokedAt(_ number: UInt64) -> ValidationTime {
        start.advanced(bySeconds: -86_400 + Int64(number))
    }

    package func list(_ number: UInt64) throws -> [UInt8] {
        var list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: ProbeAuthority.start.advanced(bySeconds: Int64(number)),
            nextUpdate: ProbeAuthority.start.advanced(bySeconds: 8_640_000),
            entries: ProbeAuthority.serials(number).map {
                RevokedEntry(
                    serialNumber: SerialNumber($0), revokedAt: ProbeAuthority.revokedAt(number), reason: .superseded)
            },
            crlNumber: CRLNumber(number))
        list.issuingDistributionPoint = nil
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try authority.key.signature(over: $0, scheme: authority.scheme)
        }
    }

    /// What is wrong with the answers of a list that claims to be list `number`; empty when nothing is.
    package func faults(of verified: VerifiedList) -> [String] {
        guard let number = verified.list.crlNumber.flatMap({ UInt64($0.description) }) else { return ["no number"] }
        var faults: [String] = []
        for serial in ProbeAuthority.serials(number) {
            let entry = verified.image.entry(for: SerialNumber(serial), issuer: authority.name)
            if entry?.revokedAt != ProbeAuthority.revokedAt(number) || entry?.reason != .superseded {
                faults.append("list \(number): wrong answer for \(serial)")
            }
        }
        let strangers = ProbeAuthority.serials(number - 1) + ProbeAuthority.serials(number + 1) + [0, 65, 999_999]
        for serial in strangers where !ProbeAuthority.serials(number).contains(serial) {
            let entry = verified.image.entry(for: SerialNumber(serial), issuer: authority.name)
            if entry != nil { faults.append("list \(number): lists \(serial), which is another list's") }
        }
        return faults
    }
}
