import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

/// What is measured; each works on one certificate and says whether the answer was right.
enum Workload: String, CaseIterable {
    /// The floor: the two RSA operations alone, with imported keys.
    case rsaOnly = "two RSA verifications alone"
    /// The same with a key that is imported for each certificate, as every distinct certificate needs it.
    case rsaWithImport = "two RSA verifications, the leaf's key imported"
    case oneRSA = "one RSA verification alone"
    case keyImport = "import of the leaf's key"
    case parse = "parse"
    case path = "parse + path"
    case pathAndSignature = "parse + path + data signature"
    /// What the platform judges for each request, without the network.
    case whole = "whole report: path, profile, list, data signature, attributes"
}

/// The workloads over one fixture.
struct WorkloadRunner {
    let fixture: BenchmarkFixture
    private let authorityKey: PublicKey
    private let builder: PathBuilder
    private let trust: TrustSettings
    private let constraints: ValidationConstraints
    private let evidence: ValidationEvidence

    init(_ fixture: BenchmarkFixture) throws {
        self.fixture = fixture
        authorityKey = try fixture.authorityKey
        let anchor = TrustAnchor(fixture.authority.certificate)
        var path = PathConstraints()
        path.initialPolicySet = [.jpkiCardDigitalSignature]
        path.explicitPolicy = .required
        path.requiredKeyUsage = [.digitalSignature]
        builder = PathBuilder(anchors: [anchor], pool: [], constraints: path)
        let kind = CertificateKind.cardDigitalSignature
        trust = TrustSettings(
            issuers: [Issuer(id: "bench", anchor: anchor, kinds: [kind])],
            kinds: [
                kind: KindProfile(
                    kind: kind, policies: [.jpkiCardDigitalSignature], lists: .published, ocspURL: nil)
            ])
        constraints = ValidationConstraints(
            acceptedKinds: [kind], revocation: RevocationPolicy(preferredMethod: .crl))
        let held = HeldList(fixture.list, digest: HashAlgorithm.sha256.digest(of: fixture.list.list.der))
        evidence = ValidationEvidence(
            ocsp: .notAsked, lists: .held([held], missing: .none), clock: .trusted, challenge: .notUsed)
    }

    /// Runs `workload` over every certificate `rounds` times.
    ///
    /// - Returns: seconds of CPU for one certificate.
    func run(_ workload: Workload, rounds: Int) throws -> Double {
        let start = CPUClock.seconds
        for _ in 0..<rounds {
            for leaf in fixture.leaves where try !step(workload, leaf) { throw BenchmarkError.wrongAnswer(workload) }
        }
        return (CPUClock.seconds - start) / Double(rounds * fixture.leaves.count)
    }

    private func step(_ workload: Workload, _ leaf: BenchmarkFixture.Leaf) throws -> Bool {
        switch workload {
        case .rsaOnly: try verifiesCertificate(leaf) && verifies(leaf, fixture.subjectKey)
        case .rsaWithImport:
            try verifiesCertificate(leaf)
                && verifies(leaf, PublicKey(leaf.certificate.subjectPublicKeyInfo, suite: .current))
        case .oneRSA: try verifiesCertificate(leaf)
        case .keyImport: try PublicKey(leaf.certificate.subjectPublicKeyInfo, suite: .current).info.key.count > 256
        case .parse: try Certificate(der: leaf.der).version == 3
        case .path: builder.validate(try Certificate(der: leaf.der), at: fixture.time).result == .valid
        case .pathAndSignature: try pathAndSignature(leaf)
        case .whole: whole(leaf)
        }
    }

    private func verifiesCertificate(_ leaf: BenchmarkFixture.Leaf) throws -> Bool {
        try authorityKey.verifies(
            leaf.certificate.signature.octets, over: leaf.certificate.tbsEncoding, scheme: BenchmarkFixture.scheme)
    }

    private func verifies(_ leaf: BenchmarkFixture.Leaf, _ key: PublicKey) throws -> Bool {
        try key.verifies(leaf.signature[...], over: leaf.message[...], scheme: BenchmarkFixture.scheme)
    }

    private func pathAndSignature(_ leaf: BenchmarkFixture.Leaf) throws -> Bool {
        let report = builder.validate(try Certificate(der: leaf.der), at: fixture.time)
        guard report.result == .valid, let key = report.subjectKey else { return false }
        return try verifies(leaf, key)
    }

    private func whole(_ leaf: BenchmarkFixture.Leaf) -> Bool {
        let message = SignedMessage(
            certificate: leaf.der, content: .content(leaf.message), scheme: BenchmarkFixture.scheme,
            signature: leaf.signature)
        let validator = SignatureValidator(message, trust: trust, constraints: constraints, at: fixture.time)
        return validator.report(evidence).result == .valid
    }
}

enum BenchmarkError: Error {
    case wrongAnswer(Workload)
    case peer(String)
    case usage(String)
}
