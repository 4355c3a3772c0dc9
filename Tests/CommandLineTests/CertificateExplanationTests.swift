import CertificateIssuing
import CommandLine
import PKIX
import Testing

@Suite("akashi explain")
struct CertificateExplanationTests {
    private let start = ValidationTime(secondsSince1970: 1_790_000_000)
    private let end = ValidationTime(secondsSince1970: 1_890_000_000)

    @Test("What decides is shown, what describes a person is not")
    func personalData() throws {
        let root = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.organization, "Sandbox CA")]), key: .p256(seed: "root"),
            notBefore: start, notAfter: end)
        let resident = "証明太郎"
        let value = DERWriter.encode(.utf8String) { $0.append(Array(resident.utf8)) }
        let request = CertificateRequest(
            serialNumber: SerialNumber(987_654_321),
            subject: DistinguishedName([(.country, "JP"), (.commonName, resident)]),
            publicKeyInfo: try SigningKey.p256(seed: "leaf").publicKeyInfo, notBefore: start, notAfter: end,
            extensions: [
                .keyUsage([.digitalSignature, .nonRepudiation]),
                .certificatePolicies([PolicyInformation(.anyPolicy)]),
                .subjectAltName([.otherName(type: .commonName, value: value[...]), .rfc822Name("taro@example.jp")]),
                .ocspAccess("http://ocsp.example.jp/"),
                .cRLDistributionPoints([
                    DistributionPoint(name: .fullName([.directoryName(DistinguishedName([(.locality, "千代田区")]))]))
                ]),
            ])
        let text = CertificateExplanation(try root.issue(request)).text
        for secret in [resident, "taro", "千代田区", "987654321", "3ADE68B1"] {
            #expect(!text.contains(secret))
        }
        for shown in [
            "Sandbox CA", "digitalSignature, nonRepudiation", "2.5.29.32.0", "http://ocsp.example.jp/",
            "not shown (end entity)", start.description, "otherName 2.5.4.3, rfc822Name",
        ] {
            #expect(text.contains(shown), "\(shown)")
        }
    }
}
