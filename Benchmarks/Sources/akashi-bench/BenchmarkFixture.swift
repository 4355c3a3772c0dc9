import CertificateIssuing
import Foundation
import JPKIProfile
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

/// One authority, 500 distinct certificates of JPKI's shape below it, a signature by each, and a list.
///
/// The peer measures the same octets: ``write(to:)`` lays them out as its source says.
struct BenchmarkFixture {
    struct Leaf {
        let der: [UInt8]
        let certificate: Certificate
        let message: [UInt8]
        let signature: [UInt8]
    }

    static let count = 500
    static let scheme = SignatureScheme.rsaPKCS1(.sha256)

    let authority: IssuingAuthority
    let leaves: [Leaf]
    let subjectKey: PublicKey
    let list: VerifiedList
    let time: ValidationTime

    init(at time: ValidationTime) throws {
        self.time = time
        let (from, to) = (time.advanced(bySeconds: -86_400), time.advanced(bySeconds: 1_800 * 86_400))
        let authority = try IssuingAuthority(
            root: BenchmarkFixture.name("JPKI for digital signature"), key: .pooledRSA(0), notBefore: from, notAfter: to
        )
        let key = try SigningKey.pooledRSA(1)
        let template = BenchmarkFixture.extensions(issuer: authority.name)
        leaves = try (0..<BenchmarkFixture.count).map { index in
            let request = CertificateRequest(
                serialNumber: SerialNumber(UInt64(1_000_003 + index * 17)),
                subject: DistinguishedName([(.country, "JP"), (.commonName, "20260801T\(index)A12345")]),
                publicKeyInfo: key.publicKeyInfo, notBefore: from, notAfter: to, extensions: template)
            let certificate = try authority.issue(request)
            // The message of the peer's source: 60 octets `m` and the number, little-endian.
            let message =
                [UInt8](repeating: UInt8(ascii: "m"), count: 60)
                + withUnsafeBytes(of: UInt32(index).littleEndian) { Array($0) }
            return Leaf(
                der: certificate.der, certificate: certificate, message: message,
                signature: try key.signature(over: message))
        }
        self.authority = authority
        subjectKey = try PublicKey(key.publicKeyInfo, suite: .current)
        list = try BenchmarkFixture.list(of: authority, at: time)
    }

    var authorityKey: PublicKey {
        get throws { try TrustAnchor(authority.certificate).publicKey(for: .current) }
    }

    private static func name(_ unit: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, "JPKI-SANDBOX"), (.organizationalUnit, unit)])
    }

    private static let point = DistributionPointName.fullName([
        .directoryName(
            DistinguishedName([
                (.country, "JP"), (.organization, "JPKI-SANDBOX"), (.organizationalUnit, "CRL Distribution Points"),
                (.organizationalUnit, "Mihon-ken"), (.commonName, "Mihon-shi CRLDP"),
            ]))
    ])

    private static func extensions(issuer: DistinguishedName) -> [Extension] {
        let texts = [
            (OID.jpkiName, "見本　花子"), (.jpkiNameSubstitutions, "000000"), (.jpkiGender, "2"),
            (.jpkiBirthDate, "319860401"), (.jpkiAddress, "見本県見本市見本町一丁目1番地"),
        ]
        let attributes = texts.map { type, text in
            GeneralName.otherName(
                type: type, value: DERWriter.encode(.utf8String) { $0.append(Array(text.utf8)) }[...])
        }
        return [
            .keyUsage([.digitalSignature, .nonRepudiation]),
            .certificatePolicies([
                PolicyInformation(.jpkiCardDigitalSignature, cps: "http://www.example.jp/cps.html")
            ]),
            .subjectAltName(attributes), .issuerAltName([.directoryName(issuer)]),
            .cRLDistributionPoints([DistributionPoint(name: point)]), .ocspAccess("http://ocsp.example.jp"),
        ]
    }

    /// 10,000 other serial numbers.
    private static func list(of authority: IssuingAuthority, at time: ValidationTime) throws -> VerifiedList {
        let entries = (0..<10_000).map { index in
            RevokedEntry(
                serialNumber: SerialNumber(UInt64(90_000_000 + index * 3)), revokedAt: time, reason: .superseded)
        }
        var list = TBSCertList(
            signature: scheme.identifier, issuer: authority.name, thisUpdate: time.advanced(bySeconds: -600),
            nextUpdate: time.advanced(bySeconds: 86_400), entries: entries, crlNumber: nil,
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier[...]))
        list.issuingDistributionPoint = IssuingDistributionPoint(name: point)
        let signed = try list.signed { try authority.key.signature(over: $0, scheme: scheme) }
        return try VerifiedList.verify(signed, key: PublicKey(authority.key.publicKeyInfo, suite: .current))
    }

    /// Writes `ca.pem`, `data/leaves.bin` and `data/sigs.bin`, as chain_openssl.c reads them from `data/`.
    func write(to folder: URL) throws {
        let data = folder.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let pem = PEM.Block(label: "CERTIFICATE", bytes: authority.certificate.der).text
        try Data(pem.utf8).write(to: folder.appendingPathComponent("ca.pem"))
        var certificates = Data()
        for leaf in leaves {
            withUnsafeBytes(of: UInt32(leaf.der.count).littleEndian) { certificates.append(contentsOf: $0) }
            certificates.append(contentsOf: leaf.der)
        }
        try certificates.write(to: data.appendingPathComponent("leaves.bin"))
        try Data(leaves.flatMap(\.signature)).write(to: data.appendingPathComponent("sigs.bin"))
    }
}
