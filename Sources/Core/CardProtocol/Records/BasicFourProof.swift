internal import PKIX
package import SignatureAlgorithms

/// EF 0003 of 券面事項入力補助: digests of the two data files, and a signature over them.
package struct BasicFourSignature: Hashable, Sendable {
    package let attributesDigest: [UInt8]
    package let signature: [UInt8]
    package let signedOctets: [UInt8]

    package init(_ octets: [UInt8]) throws(CardFault) {
        let record = try Record(octets, tag: 0xFF30)
        attributesDigest = Array(try record.value(0xDF32))
        signature = Array(try record.value(0xDF33))
        signedOctets = record.octets(before: 0xDF33)
        guard attributesDigest.count == 32 else { throw .malformedAnswer(.unexpectedContents) }
    }
}

/// EF 0004 of 券面事項入力補助: the card-verifiable certificate of the key that signs the card's data.
package struct CardVerifiableCertificate: Hashable, Sendable {
    /// 16 octets each; texts such as a number, padded.
    package let issuerKeyID: [UInt8]
    package let subjectKeyID: [UInt8]
    package let modulus: [UInt8]
    package let publicExponent: [UInt8]
    /// What the issuer signed, and the signature.
    package let body: [UInt8]
    package let signature: [UInt8]

    package init(_ octets: [UInt8]) throws(CardFault) {
        let record = try Record(octets, tag: 0x7F21)
        let body = try record.value(0x5F4E)
        guard body.count > 32, body.count <= 1_024 else { throw .malformedAnswer(.unexpectedContents) }
        let identifiers = Array(body.prefix(32))
        issuerKeyID = Array(identifiers.prefix(16))
        subjectKeyID = Array(identifiers.suffix(16))
        let key = body.dropFirst(32)
        let exponentAndModulus = try CardVerifiableCertificate.numbers(key)
        publicExponent = exponentAndModulus[0x90] ?? []
        modulus = exponentAndModulus[0x91] ?? []
        guard !publicExponent.isEmpty, modulus.count >= 128 else { throw .malformedAnswer(.unexpectedContents) }
        self.body = Array(body)
        signature = Array(try record.value(0x5F37))
    }

    /// The numbers of the key: objects 90 and 91, of which the shorter is the exponent.
    private static func numbers(_ octets: ArraySlice<UInt8>) throws(CardFault) -> [UInt16: [UInt8]] {
        var rest = octets
        var found: [[UInt8]] = []
        while let first = rest.first, first == 0x90 || first == 0x91 {
            let header = try RecordHeader(rest)
            guard header.length <= rest.count - header.headerLength, found.count < 2 else {
                throw .malformedAnswer(.truncated)
            }
            let start = rest.startIndex + header.headerLength
            found.append(Array(rest[start..<start + header.length].drop { $0 == 0 }))
            rest = rest[(start + header.length)...]
        }
        let sorted = found.sorted { $0.count < $1.count }
        guard let exponent = sorted.first, let modulus = sorted.last, found.count == 2 else {
            throw .malformedAnswer(.unexpectedContents)
        }
        return [0x90: exponent, 0x91: modulus]
    }

    /// The key as X.509 writes it.
    package func publicKey(_ suite: AlgorithmSuite) -> PublicKey? {
        func number(_ octets: [UInt8]) -> [UInt8] { octets.first.map { $0 >= 0x80 ? [0] + octets : octets } ?? [0] }
        let key = DERWriter.encode(.sequence) { writer in
            writer.append(.integer, number(modulus))
            writer.append(.integer, number(publicExponent))
        }
        let encoding = DERWriter.encode(.sequence) { writer in
            writer.append(.sequence) { writer in
                writer.objectIdentifier(.rsaEncryption)
                writer.null()
            }
            writer.bitString(key)
        }
        guard let info = try? SubjectPublicKeyInfo(der: encoding) else { return nil }
        return try? PublicKey(info, suite: suite)
    }
}

/// Whether the four attributes are what the card's issuer signed.
package enum AttributesVerdict: String, Hashable, Sendable {
    /// Digest and signature hold, and the signer's certificate is by an issuer that is configured.
    case proven
    /// Digest and signature hold; who certified the signer could not be checked, since no issuer key is configured.
    case issuerUnchecked = "issuer_unchecked"
    case invalid

    /// - Parameter issuers: keys of issuers by key identifier, from configuration.
    package init(
        _ attributes: BasicFourRecord,
        signature: BasicFourSignature,
        certificate: CardVerifiableCertificate,
        issuers: [[UInt8]: PublicKey]
    ) {
        guard signature.attributesDigest == attributes.digest,
            certificate.publicKey(.current)?.accepts(signature.signature, over: signature.signedOctets) == true
        else {
            self = .invalid
            return
        }
        guard let issuer = issuers[certificate.issuerKeyID] else {
            self = .issuerUnchecked
            return
        }
        self = issuer.accepts(certificate.signature, over: certificate.body) ? .proven : .invalid
    }
}

extension PublicKey {
    fileprivate func accepts(_ signature: [UInt8], over octets: [UInt8]) -> Bool {
        (try? verifies(signature[...], over: octets[...], scheme: .rsaPKCS1(.sha256))) == true
    }
}
