import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

/// Every part of every structure changed in every way: refused with an error, or read as what it then says.
@Suite("Decoders, part by part")
struct DecoderStructureTests {
    /// How many changes were refused and how many read. `decode` gives back what the value's octets are.
    private func run(_ der: [UInt8], _ decode: ([UInt8]) throws -> [UInt8]) throws -> (refused: Int, read: Int) {
        let tree = try #require(DERTree(der))
        let own = try decode(der)
        #expect(tree.encoding == der && own == der)
        var (refused, read) = (0, 0)
        for path in tree.paths {
            for change in DERTree.Change.allCases {
                let changed = tree.changed(change, at: path)
                guard changed != der else { continue }
                do {
                    #expect(try decode(changed) == changed, "\(change) at \(path)")
                    read += 1
                } catch is DERError {
                    refused += 1
                }
            }
        }
        return (refused, read)
    }

    private func names(_ texts: String...) -> [GeneralName] { texts.map { .dNSName($0) } }

    /// A certificate with every extension that is decoded.
    private func certificate() throws -> [UInt8] {
        let fixture = try Fixture()
        let mapping = DERWriter.encode(.sequence) { list in
            list.append(.sequence) {
                $0.objectIdentifier(.sha256)
                $0.objectIdentifier(.sha384)
            }
        }
        let policies = DERWriter.encode(.sequence) {
            $0.integer(1, tag: .context(0))
            $0.integer(2, tag: .context(1))
        }
        let constraints = DERWriter.encode(.sequence) { writer in
            for number: UInt8 in [0, 1] {
                writer.append(.contextConstructed(number)) { list in
                    list.append(.sequence) {
                        $0.generalName(.dNSName("example.jp"))
                        $0.integer(0, tag: .context(0))
                    }
                }
            }
        }
        let everyName: [GeneralName] = [
            .otherName(type: .sha256, value: [0x05, 0x00]), .rfc822Name("a@b.jp"), .dNSName("b.jp"),
            .x400Address([0x05, 0x00]), .directoryName(Fixture.name), .ediPartyName([0xA1, 0x02, 0x05, 0x00]),
            .uniformResourceIdentifier("http://b.jp/"), .iPAddress([1, 2, 3, 4]), .registeredID(.sha512),
        ]
        let relative = [NameAttribute(type: .commonName, valueTag: .utf8String, value: [0x41])]
        let points = [
            DistributionPoint(name: .fullName(names("c.jp")), reasons: .all, cRLIssuer: [.directoryName(Fixture.name)]),
            DistributionPoint(name: .nameRelativeToCRLIssuer(relative)),
        ]
        var inhibit = DERWriter()
        inhibit.integer(3)
        let request = CertificateRequest(
            serialNumber: SerialNumber(7), subject: Fixture.name, publicKeyInfo: fixture.leafKey.publicKeyInfo,
            notBefore: Fixture.start, notAfter: Fixture.end,
            extensions: [
                .keyUsage([.keyCertSign, .cRLSign]),
                .basicConstraints(BasicConstraints(isCA: true, pathLenConstraint: 1)),
                .certificatePolicies([PolicyInformation(.sha256, cps: "http://b.jp/")]), .subjectAltName(everyName),
                .issuerAltName(names("d.jp")), .extendedKeyUsage([.serverAuth]), .cRLDistributionPoints(points),
                Extension(id: .freshestCRL, critical: false, value: DistributionPoint.der(points)),
                .ocspAccess("http://o.jp/"), .ocspNoCheck,
                Extension(id: .policyMappings, critical: true, value: mapping),
                Extension(id: .policyConstraints, critical: true, value: policies),
                Extension(id: .inhibitAnyPolicy, critical: true, value: inhibit.bytes),
                Extension(id: .nameConstraints, critical: true, value: constraints),
            ])
        return try fixture.authority.issueDER(request)
    }

    @Test("a certificate with every extension")
    func certificates() throws {
        let count = try run(certificate()) { try Certificate(der: $0).der }
        #expect(count.refused > 600 && count.read > 100, "\(count)")
    }

    @Test("an indirect list with every extension of list and entry")
    func lists() throws {
        let fixture = try Fixture()
        let entry = RevokedEntry(
            serialNumber: SerialNumber(5), revokedAt: Fixture.start, reason: .superseded, invalidityDate: Fixture.start,
            certificateIssuer: Fixture.name)
        let point = DistributionPoint(name: .fullName(names("c.jp")), reasons: .all)
        let list = try Fixture.list(by: fixture.authority, [entry, Fixture.entry()]) {
            $0.baseCRLNumber = CRLNumber(3)
            $0.issuingDistributionPoint = IssuingDistributionPoint(
                name: .fullName(names("c.jp")), contents: .onlyUserCertificates, onlySomeReasons: .all, kind: .indirect)
            $0.freshestCRL = [point]
        }
        let count = try run(list.octets.copy(0..<list.octets.count)) { der in
            let list = try CertificateList(der: der)
            var entries = 0
            try list.forEachEntry { _ in entries += 1 }
            let index = try RevocationIndexImage(indexing: list)
            #expect(entries == list.entryCount && index.entryCount == entries)
            return list.octets.copy(0..<list.octets.count)
        }
        #expect(count.refused > 250 && count.read > 50, "\(count)")
    }

    @Test("a response with every status, a nonce and a certificate", arguments: [true, false])
    func responses(isByName: Bool) throws {
        let fixture = try Fixture()
        let leaf = try fixture.leaf()
        let singles = [
            fixture.single(leaf), fixture.single(leaf, .unknown, to: nil),
            fixture.single(leaf, .revoked(at: Fixture.start, reason: .keyCompromise)),
            fixture.single(leaf, .revoked(at: Fixture.start, reason: nil)),
        ]
        let response = try fixture.response(singles) {
            $0.nonce = [1, 2, 3]
            $0.certificates = isByName ? [] : [leaf]
            if !isByName { $0.responderID = .byKey(of: fixture.authority.key.publicKeyInfo) }
        }
        var unsigned = 0
        let count = try run(response) { der in
            _ = try OCSPResponse(der: der)
            let answer = fixture.ocspVerdict(leaf, der).status.status
            if der != response, answer != .undetermined { unsigned += 1 }
            return der
        }
        // Beside the signed part only the parameters of the algorithm and the certificates that came along may change.
        #expect(unsigned < (isByName ? 4 : 600), "\(unsigned)")
        #expect(count.refused > 250 && count.read > 100, "\(count)")
    }

    @Test("a request with name, nonce, two questions and their extensions")
    func requests() throws {
        let fixture = try Fixture()
        let id = OCSPCertID(certificate: try fixture.leaf(), issuer: fixture.issuer)
        let plain = try #require(DERTree(OCSPRequest(certIDs: [id, id], nonce: [1, 2]).der))
        var request = plain
        // requestorName and singleRequestExtensions, which the writer leaves out.
        var name = DERWriter()
        name.append(.contextConstructed(1)) { $0.generalName(.directoryName(Fixture.name)) }
        request.children?[0].children?.insert(try #require(DERTree(name.bytes)), at: 0)
        let wrapped = DERWriter.encode(.contextConstructed(0)) { wrapper in
            wrapper.append(.sequence) {
                $0.certificateExtension(Extension(id: .sha256, critical: false, value: [5, 0]))
            }
        }
        request.children?[0].children?[1].children?[0].children?.append(try #require(DERTree(wrapped)))
        let count = try run(request.encoding) { der in
            let request = try OCSPRequest(der: der)
            #expect(try OCSPRequest(der: request.der) == request)
            return der
        }
        #expect(count.refused > 100 && count.read > 30, "\(count)")
    }

    @Test("parameters of RSASSA-PSS: what is not equal hashes and their length is no scheme")
    func pssParameters() throws {
        let der = DERWriter.encode(.sequence) { $0.append(SignatureScheme.rsaPSS(.sha256).identifier.parameters ?? []) }
        let tree = try #require(DERTree(der)?.children?.first)
        var schemes: Set<SignatureScheme> = []
        for path in tree.paths {
            for change in DERTree.Change.allCases {
                let parameters = tree.changed(change, at: path)
                let identifier = AlgorithmIdentifier(algorithm: .rsassaPss, parameters: parameters[...])
                if let scheme = SignatureScheme(identifier) { schemes.insert(scheme) }
            }
        }
        #expect(schemes.isSubset(of: [.rsaPSS(.sha256), .rsaPSS(.sha1)]), "\(schemes)")
        #expect(SignatureScheme(AlgorithmIdentifier(algorithm: .rsassaPss)) == nil)
    }

    @Test("keys: RSA and elliptic, part by part, are refused or are themselves", arguments: [true, false])
    func keys(isRSA: Bool) throws {
        let key = isRSA ? try SigningKey.pooledRSA(0) : try SigningKey.p256(seed: "structure")
        let message: [UInt8] = [1, 2, 3]
        let signature = try key.signature(over: message)
        var tree = try #require(DERTree(Array(key.publicKeyInfo.encoding)))
        // The RSAPublicKey inside the BIT STRING is walked as well.
        let inner = isRSA ? DERTree(Array(key.publicKeyInfo.key)) : nil
        var accepted = 0
        func check(_ der: [UInt8]) {
            guard der != Array(key.publicKeyInfo.encoding), let info = try? SubjectPublicKeyInfo(der: der),
                let other = try? PublicKey(info, suite: .current)
            else { return }
            accepted += 1
            let verifies = try? other.verifies(signature[...], over: message[...], scheme: key.scheme)
            #expect(verifies != true || info.key == key.publicKeyInfo.key)
        }
        for path in tree.paths {
            for change in DERTree.Change.allCases { check(tree.changed(change, at: path)) }
        }
        for path in inner?.paths ?? [] {
            for change in DERTree.Change.allCases {
                tree.children?[1].contents = [0] + (inner?.changed(change, at: path) ?? [])
                check(tree.encoding)
            }
        }
        #expect(accepted < 8, "\(accepted)")
    }
}
