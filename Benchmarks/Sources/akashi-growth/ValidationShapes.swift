import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

extension Shape {
    /// `validate_path` of `target` below the root.
    private static func path(
        _ name: String, upTo largest: Int, _ expected: ValidationResult = .valid,
        _ make: @escaping (Int) throws -> (target: Certificate, pool: [Certificate])
    ) -> Shape {
        Shape("path: \(name)", upTo: largest) { size in
            let (target, pool) = try make(size)
            let octets = pool.reduce(target.encoding.count) { $0 + $1.encoding.count }
            let anchors = [TrustAnchor(Material.root.certificate)]
            return Input(octets: octets) {
                let builder = PathBuilder(anchors: anchors, pool: pool, constraints: PathConstraints())
                return builder.validate(target, at: Material.time).result == expected
            }
        }
    }

    private static func ca(_ name: String, by issuer: IssuingAuthority, _ extensions: [Extension] = []) throws
        -> IssuingAuthority
    {
        try issuer.subordinate(
            name: Material.name(name), key: .p256(seed: name), serialNumber: SerialNumber(9), notBefore: Material.from,
            notAfter: Material.to, extensions: extensions)
    }

    /// A chain of CAs below the root; the last one issues.
    private static func chain(_ length: Int, _ extensions: (Int) -> [Extension] = { _ in [] }) throws
        -> [IssuingAuthority]
    {
        var authorities = [Material.root]
        for depth in 0..<length {
            authorities.append(try ca("CA \(depth)", by: authorities[depth], extensions(depth)))
        }
        return authorities
    }

    static func paths() -> [Shape] {
        [
            path("intermediates", upTo: 96) { size in
                let authorities = try chain(size)
                return (try Material.leaf([], by: authorities[size]), authorities.dropFirst().map(\.certificate))
            },
            path("intermediates, names and constraints each", upTo: 96) { size in
                let authorities = try chain(size) { depth in
                    [
                        .subjectAltName([.dNSName("ca\(depth).example.jp")]),
                        Material.nameConstraints(permitted: [.dNSName("example.jp")]),
                    ]
                }
                let leaf = try Material.leaf([.subjectAltName([.dNSName("a.example.jp")])], by: authorities[size])
                return (leaf, authorities.dropFirst().map(\.certificate))
            },
            path("certificates of one subject", upTo: 240) { size in
                let real = try ca("CA", by: Material.root)
                let junk = (0..<size).map { Material.authority("CA", seed: "junk \($0)").certificate }
                let request = Material.request([])
                let leaf = try real.issue(request, defects: [.withoutExtension(.authorityKeyIdentifier)])
                return (leaf, junk + [real.certificate])
            },
            path("certificates that lead nowhere", upTo: 1_000) { size in
                let real = try ca("CA", by: Material.root)
                let others = (0..<size).map { Material.authority("Other \($0)").certificate }
                return (try Material.leaf([], by: real), others + [real.certificate])
            },
            path("certificates alike but for two octets", upTo: 1_000) { size in
                let real = try ca("CA", by: Material.root)
                var der = Material.authority("Other").certificate.der
                // The last octets of the signed part are its key identifier: the signatures and all else are alike.
                let place = Material.authority("Other").certificate.tbsEncoding.endIndex - 1
                let copies = try (0..<size).map { number in
                    der[place] = UInt8(number & 255)
                    der[place - 1] = UInt8(number >> 8)
                    return try Certificate(der: der)
                }
                return (try Material.leaf([], by: real), copies + [real.certificate])
            },
            path("names under as many constraints", upTo: 1_024) { size in
                let bases = (0..<size).map { GeneralName.dNSName("d\($0).example.jp") }
                let names = (0..<size).map { GeneralName.dNSName("a.d\($0).example.jp") }
                let authority = try ca("CA", by: Material.root, [Material.nameConstraints(permitted: bases)])
                return (try Material.leaf([.subjectAltName(names)], by: authority), [authority.certificate])
            },
            path("directory names under as many constraints", upTo: 256) { size in
                let bases = (0..<size).map { GeneralName.directoryName(Material.name("base \($0)")) }
                let names = bases.map { base in
                    guard case .directoryName(let name) = base else { return base }
                    return .directoryName(name.appending(relativeName: [Material.attribute(1)]))
                }
                let subject = GeneralName.directoryName(Material.name("Leaf"))
                let authority = try ca(
                    "CA", by: Material.root, [Material.nameConstraints(permitted: bases + [subject])])
                return (try Material.leaf([.subjectAltName(names)], by: authority), [authority.certificate])
            },
            path("policies that are mapped", upTo: 512) { size in
                let policies = (0..<size).map { Material.oid($0) }
                let authority = try ca(
                    "CA", by: Material.root,
                    [
                        .certificatePolicies(policies.map { PolicyInformation($0) }),
                        mappings(policies.map { ($0, $0) }),
                    ])
                let leaf = try Material.leaf(
                    [.certificatePolicies(policies.map { PolicyInformation($0) })], by: authority)
                return (leaf, [authority.certificate])
            },
            path("a ladder of crosswise mappings", upTo: 64) { size in
                let (a, b) = (Material.oid(1), Material.oid(2))
                let authorities = try chain(size) { _ in
                    [
                        .certificatePolicies([PolicyInformation(a), PolicyInformation(b)]),
                        mappings([(a, a), (a, b), (b, a), (b, b)]),
                    ]
                }
                let leaf = try Material.leaf([.certificatePolicies([PolicyInformation(a)])], by: authorities[size])
                return (leaf, authorities.dropFirst().map(\.certificate))
            },
        ] + meshes()
    }

    private static func mappings(_ pairs: [(OID, OID)]) -> Extension {
        let value = DERWriter.encode(.sequence) { list in
            for (issuer, subject) in pairs {
                list.append(.sequence) {
                    $0.objectIdentifier(issuer)
                    $0.objectIdentifier(subject)
                }
            }
        }
        return Extension(id: .policyMappings, critical: true, value: value)
    }

    /// CAs that all certify each other and none of which the root certified: the search must end.
    private static func meshes() -> [Shape] {
        [
            Shape("path: certificates of a mesh that leads nowhere", upTo: 512) { size in
                var count = 2
                while count * (count - 1) < size { count += 1 }
                let authorities = (0..<count).map { Material.authority("Mesh \($0)") }
                var pool: [Certificate] = []
                for issuer in authorities {
                    for other in authorities where other.name != issuer.name && pool.count < size {
                        pool.append(try ca(String(other.name.values(of: .commonName)[0]), by: issuer).certificate)
                    }
                }
                let leaf = try Material.leaf([], by: authorities[0])
                let anchors = [TrustAnchor(Material.root.certificate)]
                return Input(octets: pool.reduce(0) { $0 + $1.encoding.count }) { [pool] in
                    let builder = PathBuilder(anchors: anchors, pool: pool, constraints: PathConstraints())
                    return builder.validate(leaf, at: Material.time).result != .valid
                }
            }
        ]
    }

    // MARK: Status

    private static func status(
        _ name: String, upTo largest: Int, _ expected: CertificateStatus.Status,
        _ make: @escaping (Int) throws -> (lists: [[UInt8]], pool: [Certificate])
    ) -> Shape {
        Shape("status: \(name)", upTo: largest) { size in
            let leaf = try Material.leaf([])
            let (encodings, pool) = try make(size)
            let octets = encodings.reduce(pool.reduce(0) { $0 + $1.encoding.count }) { $0 + $1.count }
            return Input(octets: octets) {
                let lists = encodings.compactMap { try? CertificateList(der: $0) }.map { CandidateList.unverified($0) }
                var context = CRLContext(time: Material.time)
                context.pool = pool
                return RevocationLists.status(of: leaf, issuer: Material.issuer, lists: lists, context: context)
                    .status.status == expected
            }
        }
    }

    static func statuses() -> [Shape] {
        [
            status("the same list again", upTo: 1_024, .good) { size in
                ([[UInt8]](repeating: try Material.list(Material.entries(10)), count: size), [])
            },
            status("editions of one list", upTo: 240, .good) { size in
                (try (0..<size).map { try Material.list([], number: UInt64($0 + 1)) }, [])
            },
            status("lists of others", upTo: 1_024, .undetermined) { size in
                let other = Material.authority("Other")
                return (try (0..<size).map { try Material.list([], by: other, number: UInt64($0 + 1)) }, [])
            },
            status("partitions", upTo: 240, .undetermined) { size in
                let lists = try (0..<size).map { number in
                    try Material.list([]) {
                        $0.issuingDistributionPoint = IssuingDistributionPoint(
                            name: .fullName([.dNSName("\(number).jp")]))
                    }
                }
                return (lists, [])
            },
            status("bases and as many deltas", upTo: 200, .good) { size in
                let bases = try (0..<size / 2).map { try Material.list([], number: UInt64($0 + 1)) }
                let deltas = try (0..<size / 2).map { number in
                    try Material.list([], number: UInt64(number + 1_000)) { $0.baseCRLNumber = CRLNumber(1) }
                }
                return (bases + deltas, [])
            },
            status("lists and as many signers to choose from", upTo: 200, .undetermined) { size in
                let lists = try (0..<size).map { number in
                    try Material.list([], by: Material.authority("Root", seed: "key \(number)"), number: 1)
                }
                return (lists, (0..<size).map { Material.authority("Root", seed: "other \($0)").certificate })
            },
            Shape("status: responses", upTo: 512) { size in
                let leaf = try Material.leaf([])
                let single = OCSPSingleResponse(
                    certID: OCSPCertID(certificate: leaf, issuer: Material.issuer), certStatus: .good,
                    thisUpdate: Material.time, nextUpdate: nil)
                let response = try Material.response([single])
                let evidence = RevocationEvidence(
                    responses: [[UInt8]](repeating: response, count: size), time: Material.time)
                return Input(octets: response.count * size) {
                    evidence.status(of: leaf, issuer: Material.issuer, anchors: []).status.status == .good
                }
            },
        ]
    }
}
