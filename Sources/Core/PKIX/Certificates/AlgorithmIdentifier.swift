/// `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }`.
///
/// Equality is over the encoding, so that an absent parameter and NULL differ
/// (RFC 5280 §4.1.1.2 wants both places of a certificate to be the same).
package struct AlgorithmIdentifier: Hashable, Sendable {
    package let algorithm: OID
    /// The DER of the parameters; nil when they are left out.
    package let parameters: ArraySlice<UInt8>?

    package init(algorithm: OID, parameters: ArraySlice<UInt8>? = nil) {
        (self.algorithm, self.parameters) = (algorithm, parameters)
    }

    package init(_ element: DERElement, in production: String = "AlgorithmIdentifier") throws(DERError) {
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: production) }
        var reader = element.reader
        algorithm = try reader.objectIdentifier(in: production)
        parameters = reader.isAtEnd ? nil : try reader.next().encoding
        try reader.finish(in: production)
    }

    /// Whether the parameters are left out or NULL.
    package var hasNoParameters: Bool { parameters == nil || hasNullParameters }

    package var hasNullParameters: Bool { parameters?.elementsEqual([0x05, 0x00]) == true }

    /// An identifier with NULL parameters, as RFC 4055 demands for PKCS#1 v1.5.
    package static func withNull(_ algorithm: OID) -> AlgorithmIdentifier {
        AlgorithmIdentifier(algorithm: algorithm, parameters: [0x05, 0x00])
    }
}

/// `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
package struct SubjectPublicKeyInfo: Hashable, Sendable {
    package let algorithm: AlgorithmIdentifier
    /// The BIT STRING's octets: PKCS#1 RSAPublicKey, or an EC point.
    package let key: ArraySlice<UInt8>
    /// The DER of the whole structure.
    package let encoding: ArraySlice<UInt8>

    package init(_ element: DERElement) throws(DERError) {
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: "SubjectPublicKeyInfo") }
        var reader = element.reader
        algorithm = try AlgorithmIdentifier(reader.next(), in: "SubjectPublicKeyInfo.algorithm")
        let bits = try reader.next(.bitString, in: "SubjectPublicKeyInfo.subjectPublicKey")
            .bitString(in: "SubjectPublicKeyInfo.subjectPublicKey")
        guard let octets = bits.wholeOctets else {
            throw DERError(.invalidContents, in: "SubjectPublicKeyInfo.subjectPublicKey")
        }
        try reader.finish(in: "SubjectPublicKeyInfo")
        key = octets
        encoding = element.encoding
    }

    /// Decodes exactly one structure.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        try self.init(DERReader.single(.sequence, Array(der)[...], in: "SubjectPublicKeyInfo"))
    }
}

extension DERWriter {
    package mutating func algorithm(_ identifier: AlgorithmIdentifier, tag: DERTag = .sequence) {
        append(tag) {
            $0.objectIdentifier(identifier.algorithm)
            if let parameters = identifier.parameters { $0.append(parameters) }
        }
    }
}
