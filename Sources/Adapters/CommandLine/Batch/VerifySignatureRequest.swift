import PKIX
import SignatureAlgorithms

/// `verify_signature`: one signature under one key, over a message or over its digest.
struct VerifySignatureRequest {
    private enum Content {
        case message([UInt8])
        case digest([UInt8])
    }

    private let key: SubjectPublicKeyInfo?
    private let suite: AlgorithmSuite
    private let scheme: SignatureScheme
    private let content: Content
    private let signature: [UInt8]

    init(_ fields: inout RequestFields) throws(BatchError) {
        key = try VerifySignatureRequest.key(&fields)
        suite = try fields.algorithms()
        let algorithm = try SchemeName(fields.required("signature_algorithm", fields.optional("signature_algorithm")))
        signature = try fields.required("signature", fields.octets("signature"))
        switch (try fields.octets("message"), try fields.octets("digest")) {
        case (let message?, nil): content = .message(message)
        case (nil, let digest?): content = .digest(digest)
        case (nil, nil): throw BatchError(.missingField, "message or digest")
        default: throw BatchError(.invalidField, "message and digest exclude each other")
        }
        try fields.finish()
        scheme = try algorithm.scheme()
    }

    /// nil when the key does not decode, which is a verdict.
    private static func key(_ fields: inout RequestFields) throws(BatchError) -> SubjectPublicKeyInfo? {
        switch (try fields.octets("public_key"), try fields.octets("certificate")) {
        case (let key?, nil): return try? SubjectPublicKeyInfo(der: key)
        case (nil, let certificate?): return try? Certificate(der: certificate).subjectPublicKeyInfo
        case (nil, nil): throw BatchError(.missingField, "public_key or certificate")
        default: throw BatchError(.invalidField, "public_key and certificate exclude each other")
        }
    }

    func answer(_ writer: inout JSONWriter) throws(BatchError) { writer.member("valid", try isValid()) }

    private func isValid() throws(BatchError) -> Bool {
        guard let key else { return false }
        do throws(AlgorithmError) {
            let key = try PublicKey(key, suite: suite)
            switch content {
            case .message(let message): return try key.verifies(signature[...], over: message[...], scheme: scheme)
            case .digest(let digest): return try key.verifies(signature[...], digest: digest[...], scheme: scheme)
            }
        } catch {
            switch error {
            case .unsupportedAlgorithm, .weakHash, .weakKey: throw BatchError(.unsupportedAlgorithm, "\(error)")
            case .malformedKey, .keyMismatch: return false
            }
        }
    }
}

/// `signature_algorithm`: a name, and the parameters of `rsassaPss`.
private struct SchemeName {
    private let name: String
    private let hash: String?
    private let maskHash: String?
    private let saltLength: Int?

    init(_ value: JSONValue) throws(BatchError) {
        guard case .object(let members) = value else {
            throw BatchError(.invalidField, "signature_algorithm: not an object")
        }
        var fields = try RequestFields(members + [("id", .number([0x30]))])
        name = try fields.required("signature_algorithm.name", fields.text("name"))
        hash = try fields.text("hash")
        maskHash = try fields.text("mgf_hash")
        saltLength = try fields.seconds("salt_length").map { Int($0) }
        try fields.finish()
    }

    /// The row of the algorithm table.
    func scheme() throws(BatchError) -> SignatureScheme {
        let found: SignatureScheme? =
            switch name {
            case "sha256WithRSAEncryption": .rsaPKCS1(.sha256)
            case "sha384WithRSAEncryption": .rsaPKCS1(.sha384)
            case "sha512WithRSAEncryption": .rsaPKCS1(.sha512)
            case "sha1WithRSAEncryption": .rsaPKCS1(.sha1)
            case "ecdsa-with-SHA256": .ecdsa(.sha256)
            case "ecdsa-with-SHA384": .ecdsa(.sha384)
            case "ecdsa-with-SHA512": .ecdsa(.sha512)
            case "ecdsa-with-SHA1": .ecdsa(.sha1)
            case "rsassaPss": try pss()
            default: nil
            }
        guard let found else { throw BatchError(.unsupportedAlgorithm, "signature_algorithm") }
        guard name == "rsassaPss" || hash == nil || SchemeName.hash(hash) == found.hash else {
            throw BatchError(.invalidField, "signature_algorithm.hash")
        }
        return found
    }

    private func pss() throws(BatchError) -> SignatureScheme? {
        guard hash != nil else { throw BatchError(.missingField, "signature_algorithm.hash") }
        guard let hash = SchemeName.hash(hash) else { return nil }
        if maskHash != nil, SchemeName.hash(maskHash) != hash { return nil }
        guard saltLength == nil || saltLength == hash.digestLength else { return nil }
        return .rsaPSS(hash)
    }

    /// `SHA-256`, `sha256` and the like.
    private static func hash(_ name: String?) -> HashAlgorithm? {
        guard let name else { return nil }
        return HashAlgorithm(rawValue: name.lowercased().filter { $0 != "-" })
    }
}
