import CertificateIssuing
import JPKIProfile
import PKIX
import SignatureAlgorithms

/// Bodies that the control API takes. Unknown words are refused by name.
enum ControlRequest {
    struct Mint: Decodable {
        let count: Int?
        let municipalityCode: String?
        let kinds: [String]?
        let generation: Int?
        let daysOfValidity: Int64?
        let device: String?
        let defects: [String]?
        let neverIssued: Bool?

        /// The largest number of residents in one request.
        static let largestCount = 10_000

        func request(in sandbox: Sandbox, otherKey: (CertificateKind) -> SigningKey?) throws -> MintRequest {
            let now = sandbox.settings.clock()
            var request = MintRequest()
            if let municipalityCode { request.municipality = try sandbox.municipality(municipalityCode) }
            if let kinds { request.kinds = Set(try kinds.map { try CertificateKind.parse($0) }) }
            if let generation {
                guard let found = Generation(rawValue: generation) else {
                    throw SandboxError.invalidRequest("generation")
                }
                request.generation = found
            }
            if let days = daysOfValidity {
                guard (-3_650...3_650).contains(days) else { throw SandboxError.invalidRequest("days_of_validity") }
                request.daysOfValidity = days
            }
            if let device {
                guard let found = ResidentDevice(rawValue: device) else { throw SandboxError.invalidRequest("device") }
                request.device = found
            }
            if neverIssued == true { request.registration = .neverIssued }
            let kind = request.kinds.first ?? .cardUserAuthentication
            request.defects = try (defects ?? []).map { try defect($0, kind, at: now, otherKey: otherKey) }
            return request
        }

        private func defect(
            _ word: String,
            _ kind: CertificateKind,
            at now: ValidationTime,
            otherKey: (CertificateKind) -> SigningKey?
        ) throws -> CertificateDefect {
            switch word {
            case "expired": return .expired(at: now)
            case "not_yet_valid": return .notYetValid(at: now)
            case "wrong_policy": return .policies([OID(constant: 1, 2, 392, 200_149, 8, 5, 1, 99)])
            case "wrong_key_usage": return .keyUsage([.keyEncipherment])
            case "unknown_critical_extension": return .unknownCriticalExtension
            case "sha1_signature": return .insecureSHA1Signature
            case "rsa_1024": return .subjectKey(try .insecureRSA1024())
            case "tampered": return .tampered
            case "other_generation_key":
                guard let key = otherKey(kind) else { throw SandboxError.invalidRequest("defects") }
                return .signedBy(key)
            default: throw SandboxError.invalidRequest("defects")
            }
        }
    }

    struct Sign: Decodable {
        let kind: String
        let pin: String
        let content: String?
        let digest: String?
        let signatureAlgorithm: String?

        /// The digest to sign.
        func digest(_ scheme: SignatureScheme) throws -> [UInt8] {
            switch (content.map { decodeBase64($0) }, digest.map { decodeBase64($0) }) {
            case (.some(.some(let octets)), nil): return scheme.hash.digest(of: octets)
            case (nil, .some(.some(let octets))) where octets.count == scheme.hash.digestLength: return octets
            default: throw SandboxError.invalidRequest("exactly one of content and digest, base64")
            }
        }

        func scheme() throws -> SignatureScheme {
            switch signatureAlgorithm {
            case nil, "sha256WithRSAEncryption": return .rsaPKCS1(.sha256)
            case "sha384WithRSAEncryption": return .rsaPKCS1(.sha384)
            case "sha512WithRSAEncryption": return .rsaPKCS1(.sha512)
            case "rsassaPss": return .rsaPSS(.sha256)
            default: throw SandboxError.invalidRequest("signature_algorithm")
            }
        }
    }

    struct Revoke: Decodable {
        let kind: String
        let reason: String
    }

    struct Move: Decodable {
        let municipalityCode: String
    }

    struct PublishLists: Decodable {
        let list: String?
    }

    struct SetFault: Decodable {
        let target: String
        let fault: String
        let milliseconds: Int?
    }

    struct SetSigner: Decodable {
        let medium: String
        let signer: String
    }
}

extension CertificateKind {
    static func parse(_ word: String) throws -> CertificateKind {
        guard let kind = CertificateKind(rawValue: word) else {
            throw SandboxError.unknownWord(field: "kind", known: CertificateKind.allCases.map(\.rawValue))
        }
        return kind
    }
}
