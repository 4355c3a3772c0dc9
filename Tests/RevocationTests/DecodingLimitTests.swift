import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import RevocationLists
import Testing

/// Each limit has an error of its own, one element beyond it.
@Suite("Limits of decoded structures")
struct DecodingLimitTests {
    private func refusal(_ body: () throws -> Void) -> DERError.Code? {
        do {
            try body()
            return nil
        } catch { return (error as? DERError)?.code }
    }

    private func oid(_ number: Int) -> OID { OID(constant: 1, 3, UInt64(number)) }

    private func certificate(_ extensions: [Extension]) throws {
        let fixture = try Fixture()
        _ = try fixture.leaf(extensions: extensions)
    }

    @Test("extensions, names, purposes, policies, constraints and points of a certificate")
    func certificates() throws {
        let unknown = (0..<130).map { Extension(id: oid($0), critical: false, value: [5, 0]) }
        #expect(refusal { try certificate(unknown) } == .limitExceeded)
        let many = DecodingLimit.extensionElements + 1
        let names = [GeneralName](repeating: .dNSName(""), count: many)
        #expect(refusal { try certificate([.subjectAltName(names)]) } == .limitExceeded)
        let purposes = [OID](repeating: OID(constant: 1, 2), count: many)
        #expect(refusal { try certificate([.extendedKeyUsage(purposes)]) } == .limitExceeded)
        let policies = [PolicyInformation](repeating: PolicyInformation(OID(constant: 1, 2)), count: many)
        #expect(refusal { try certificate([.certificatePolicies(policies)]) } == .limitExceeded)
        let subtrees = DERWriter.encode(.sequence) { writer in
            writer.append(.contextConstructed(0)) { list in
                for _ in 0..<many { list.append(.sequence) { $0.generalName(.dNSName("")) } }
            }
        }
        let constraints = Extension(id: .nameConstraints, critical: true, value: subtrees)
        #expect(refusal { try certificate([constraints]) } == .limitExceeded)
        let long = Extension(id: oid(1), critical: false, value: [UInt8](repeating: 0, count: 65_536))
        #expect(refusal { try certificate([long]) } == .limitExceeded)
    }

    @Test("attributes of a name, in one RDN and in all")
    func names() throws {
        let attribute = NameAttribute(type: .commonName, valueTag: .utf8String, value: [0x41])
        let one = DistinguishedName(relativeNames: [[NameAttribute](repeating: attribute, count: 129)])
        let all = DistinguishedName(relativeNames: [[NameAttribute]](repeating: [attribute], count: 129))
        for name in [one, all] {
            let found = refusal { _ = try DistinguishedName(DERReader.single(.sequence, name.encoding, in: "Name")) }
            #expect(found == .limitExceeded)
        }
    }

    @Test("octets, answers and certificates of a response, octets and questions of a request")
    func responses() throws {
        let fixture = try Fixture()
        let leaf = try fixture.leaf()
        let id = OCSPCertID(certificate: leaf, issuer: fixture.issuer)
        let singles = [OCSPSingleResponse](repeating: fixture.single(leaf), count: BasicOCSPResponse.largestList + 1)
        #expect(refusal { _ = try OCSPResponse(der: fixture.response(singles)) } == .limitExceeded)
        let crowded = try fixture.response([fixture.single(leaf)]) {
            $0.certificates = [Certificate](repeating: leaf, count: BasicOCSPResponse.largestCertificateList + 1)
        }
        #expect(refusal { _ = try OCSPResponse(der: crowded) } == .limitExceeded)
        let verdict = fixture.ocspVerdict(leaf, crowded).status
        #expect(verdict.status == .undetermined && verdict.undeterminedReason == .limitExceeded)
        let long = [UInt8](repeating: 0x30, count: DecodingLimit.ocspOctets + 1)
        #expect(refusal { _ = try OCSPResponse(der: long) } == .limitExceeded)
        #expect(refusal { _ = try OCSPRequest(der: long) } == .limitExceeded)
        let questions = OCSPRequest(certIDs: [OCSPCertID](repeating: id, count: OCSPRequest.largestList + 1))
        #expect(refusal { _ = try OCSPRequest(der: questions.der) } == .limitExceeded)
        #expect(OCSPRequest(certIDs: [id], nonce: [UInt8](repeating: 1, count: 129)).nonce == nil)
    }

    @Test("numbers of lists: twenty octets, not negative, shown without loss")
    func listNumbers() throws {
        func number(_ contents: [UInt8]) throws -> CRLNumber {
            let der = DERWriter.encode(.integer) { $0.append(contents) }
            return try CRLNumber(DERReader.single(.integer, der[...], in: "cRLNumber"))
        }
        #expect(try number([0x7F] + [UInt8](repeating: 0xFF, count: 19)) > number([0x01]))
        #expect(refusal { _ = try number([0x7F] + [UInt8](repeating: 0xFF, count: 20)) } == .limitExceeded)
        #expect(refusal { _ = try number([0x80]) } != nil && refusal { _ = try number([0x00, 0x01]) } != nil)
    }
}
