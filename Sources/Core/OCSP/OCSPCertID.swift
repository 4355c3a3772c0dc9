package import PKIX
package import PathValidation
package import SignatureAlgorithms

/// `CertID` (RFC 6960 §4.1.1): a certificate, named by hashes of its issuer's name and key and its serial.
///
/// The hash is an identifier, not a signature: SHA-1 is always allowed here.
package struct OCSPCertID: Hashable, Sendable {
    package let hashAlgorithm: AlgorithmIdentifier
    package let issuerNameHash: ArraySlice<UInt8>
    package let issuerKeyHash: ArraySlice<UInt8>
    package let serialNumber: SerialNumber

    /// The id of a certificate of this issuer.
    ///
    /// - Parameter issuerName: as it is encoded in the certificate asked about.
    package init(
        serialNumber: SerialNumber,
        issuerName: DistinguishedName,
        issuerKey: SubjectPublicKeyInfo,
        hash: HashAlgorithm = .sha1
    ) {
        hashAlgorithm = .withNull(hash.oid)
        issuerNameHash = hash.digest(of: issuerName.encoding)[...]
        issuerKeyHash = hash.digest(of: issuerKey.key)[...]
        self.serialNumber = serialNumber
    }

    /// The id of `certificate` under the key of `issuer`.
    package init(certificate: Certificate, issuer: StatusIssuer, hash: HashAlgorithm = .sha1) {
        self.init(
            serialNumber: certificate.serialNumber, issuerName: certificate.issuer, issuerKey: issuer.key, hash: hash)
    }

    init(_ element: DERElement) throws(DERError) {
        let production = "CertID"
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: production) }
        var reader = element.reader
        hashAlgorithm = try AlgorithmIdentifier(reader.next(), in: "CertID.hashAlgorithm")
        issuerNameHash = try reader.next(.octetString, in: "CertID.issuerNameHash").contents
        issuerKeyHash = try reader.next(.octetString, in: "CertID.issuerKeyHash").contents
        serialNumber = try SerialNumber(reader.next(.integer, in: "CertID.serialNumber"), in: "CertID.serialNumber")
        try reader.finish(in: production)
    }

    /// Whether this names `certificate`, whatever hash the writer chose. False for a hash that is not known.
    ///
    /// The issuer's name is compared as it stands in the certificate or in the issuer's own one.
    package func names(_ certificate: Certificate, issuer: StatusIssuer) -> Bool {
        serialNumber == certificate.serialNumber
            && matches(name: certificate.issuer, key: issuer.key, orName: issuer.name)
    }

    /// Whether this names a certificate of this issuer. False for a hash that is not known.
    package func isIssued(by issuer: StatusIssuer) -> Bool {
        matches(name: issuer.name, key: issuer.key, orName: issuer.name)
    }

    private func matches(name: DistinguishedName, key: SubjectPublicKeyInfo, orName other: DistinguishedName) -> Bool {
        guard hashAlgorithm.hasNoParameters, let hash = HashAlgorithm(hashAlgorithm.algorithm),
            issuerKeyHash.elementsEqual(hash.digest(of: key.key))
        else { return false }
        if issuerNameHash.elementsEqual(hash.digest(of: name.encoding)) { return true }
        return other.encoding != name.encoding && issuerNameHash.elementsEqual(hash.digest(of: other.encoding))
    }
}

extension OCSPCertID {
    /// Two ids are equal when they say the same; NULL and absent parameters of the hash do not differ.
    package static func == (left: Self, right: Self) -> Bool {
        left.hashAlgorithm.algorithm == right.hashAlgorithm.algorithm
            && left.hashAlgorithm.hasNoParameters == right.hashAlgorithm.hasNoParameters
            && left.issuerNameHash == right.issuerNameHash && left.issuerKeyHash == right.issuerKeyHash
            && left.serialNumber == right.serialNumber
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(issuerKeyHash)
        hasher.combine(serialNumber)
    }
}

extension DERWriter {
    mutating func certID(_ id: OCSPCertID) {
        append(.sequence) {
            $0.algorithm(id.hashAlgorithm)
            $0.octetString(id.issuerNameHash)
            $0.octetString(id.issuerKeyHash)
            $0.append(.integer, id.serialNumber.contents)
        }
    }
}
