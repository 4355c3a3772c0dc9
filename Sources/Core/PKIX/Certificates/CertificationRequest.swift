/// ```
/// CertificationRequest ::= SEQUENCE {
///     certificationRequestInfo  CertificationRequestInfo,
///     signatureAlgorithm        AlgorithmIdentifier,
///     signature                 BIT STRING }
/// CertificationRequestInfo ::= SEQUENCE {
///     version       INTEGER (0),
///     subject       Name,
///     subjectPKInfo SubjectPublicKeyInfo,
///     attributes    [0] IMPLICIT SET OF Attribute }
/// ```
/// RFC 2986 §4 (PKCS #10). Whether the signature proves possession of the key is for the caller to verify.
package struct CertificationRequest: Hashable, Sendable {
    /// Octets of the largest request that is decoded.
    package static let largest = 8_192
    /// Attributes of one request.
    package static let mostAttributes = 16

    package let subject: DistinguishedName
    package let subjectPublicKeyInfo: SubjectPublicKeyInfo
    /// What the requester signed.
    package let infoEncoding: ArraySlice<UInt8>
    package let signatureAlgorithm: AlgorithmIdentifier
    package let signature: ArraySlice<UInt8>
    package let encoding: ArraySlice<UInt8>

    /// Decodes exactly one request.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        let bytes = Array(der)
        guard bytes.count <= CertificationRequest.largest else {
            throw DERError(.limitExceeded, in: "CertificationRequest")
        }
        let whole = try DERReader.single(.sequence, bytes[...], in: "CertificationRequest")
        var outer = whole.reader
        let info = try outer.next(.sequence, in: "CertificationRequestInfo")
        signatureAlgorithm = try AlgorithmIdentifier(outer.next(), in: "CertificationRequest.signatureAlgorithm")
        let bits = try outer.next(.bitString, in: "CertificationRequest.signature")
            .bitString(in: "CertificationRequest.signature")
        guard let octets = bits.wholeOctets else {
            throw DERError(.invalidContents, in: "CertificationRequest.signature")
        }
        try outer.finish(in: "CertificationRequest")
        (signature, encoding, infoEncoding) = (octets, whole.encoding, info.encoding)

        var reader = info.reader
        let version = try reader.next(.integer, in: "CertificationRequestInfo.version")
            .nonNegativeInteger(in: "CertificationRequestInfo.version")
        guard version == 0 else { throw DERError(.unsupportedVersion, in: "CertificationRequestInfo.version") }
        subject = try DistinguishedName(reader.next(), in: "CertificationRequestInfo.subject")
        subjectPublicKeyInfo = try SubjectPublicKeyInfo(reader.next())
        // The field is not optional, though it may be empty (§4.1).
        let attributes = try reader.next(.contextConstructed(0), in: "CertificationRequestInfo.attributes")
        try reader.finish(in: "CertificationRequestInfo")
        try CertificationRequest.check(attributes)
    }

    /// `Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) }`; what they say is not used.
    private static func check(_ attributes: DERElement) throws(DERError) {
        let production = "CertificationRequestInfo.attributes"
        var reader = attributes.reader
        var count = 0
        while !reader.isAtEnd {
            var attribute = try reader.next(.sequence, in: production).reader
            _ = try attribute.objectIdentifier(in: production)
            let values = try attribute.next(.set, in: production)
            guard !values.contents.isEmpty else { throw DERError(.invalidStructure, in: production) }
            try attribute.finish(in: production)
            count += 1
            guard count <= mostAttributes else { throw DERError(.limitExceeded, in: production) }
        }
    }

    package static func == (left: Self, right: Self) -> Bool { left.encoding == right.encoding }

    package func hash(into hasher: inout Hasher) { hasher.combine(encoding) }
}

/// What a requester signs: the writing side of ``CertificationRequest``, without attributes.
package struct CertificationRequestInfo: Sendable {
    package var subject: DistinguishedName
    /// The DER of the requester's SubjectPublicKeyInfo.
    package var subjectPublicKeyInfo: [UInt8]

    package init(subject: DistinguishedName, subjectPublicKeyInfo: [UInt8]) {
        (self.subject, self.subjectPublicKeyInfo) = (subject, subjectPublicKeyInfo)
    }

    /// The octets to sign.
    package var der: [UInt8] {
        DERWriter.encode(.sequence) { writer in
            writer.integer(0)
            writer.append(subject.encoding)
            writer.append(subjectPublicKeyInfo)
            writer.append(.contextConstructed(0), [])
        }
    }

    /// The DER of the request with the requester's signature over ``der``.
    package func signed(
        _ algorithm: AlgorithmIdentifier,
        _ sign: ([UInt8]) throws -> [UInt8]
    ) rethrows -> [UInt8] {
        try signedEnvelope(tbs: der, algorithm: algorithm, sign: sign)
    }
}
