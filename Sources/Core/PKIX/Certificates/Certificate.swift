/// ```
/// Certificate ::= SEQUENCE {
///     tbsCertificate       TBSCertificate,
///     signatureAlgorithm   AlgorithmIdentifier,
///     signatureValue       BIT STRING }
/// ```
/// RFC 5280 §4.1. Immutable; copies share one storage. Two certificates are
/// equal when their encodings are.
package struct Certificate: Sendable {
    private let storage: Storage

    /// Decodes exactly one certificate of at most ``DecodingLimit/certificateOctets``.
    ///
    /// - Throws: ``DERError`` for anything that is not a v1 to v3 certificate
    ///   in DER. Nothing is checked that needs another certificate or a time.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        let bytes = Array(der)
        guard bytes.count <= DecodingLimit.certificateOctets else {
            throw DERError(.limitExceeded, in: "Certificate")
        }
        storage = try Storage(bytes)
    }

    package var encoding: ArraySlice<UInt8> { storage.encoding }
    package var der: [UInt8] { Array(storage.encoding) }
    /// The DER that the issuer signed.
    package var tbsEncoding: ArraySlice<UInt8> { storage.tbsEncoding }
    /// 1, 2 or 3.
    package var version: Int { storage.version }
    package var serialNumber: SerialNumber { storage.serialNumber }
    /// The algorithm inside the signed part.
    package var tbsSignatureAlgorithm: AlgorithmIdentifier { storage.tbsSignatureAlgorithm }
    /// The algorithm beside the signature; must be the same (§4.1.1.2), which path validation checks.
    package var signatureAlgorithm: AlgorithmIdentifier { storage.signatureAlgorithm }
    package var issuer: DistinguishedName { _read { yield storage.issuer } }
    package var notBefore: ValidationTime { storage.notBefore }
    package var notAfter: ValidationTime { storage.notAfter }
    package var subject: DistinguishedName { _read { yield storage.subject } }
    package var subjectPublicKeyInfo: SubjectPublicKeyInfo { _read { yield storage.subjectPublicKeyInfo } }
    /// Lent, not copied: the structure holds many references, and path validation asks often.
    package var extensions: CertificateExtensions { _read { yield storage.extensions } }
    package var signature: BitString { storage.signature }

    /// Whether issuer and subject are the same name (§6.1: self-issued).
    package var isSelfIssued: Bool { storage.isSelfIssued }
}

extension Certificate: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.encoding == right.encoding
    }

    package func hash(into hasher: inout Hasher) {
        // All of it: parts of it could be chosen to be the same in many certificates.
        storage.encoding.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

private final class Storage: Sendable {
    let encoding: ArraySlice<UInt8>
    let tbsEncoding: ArraySlice<UInt8>
    let version: Int
    let serialNumber: SerialNumber
    let tbsSignatureAlgorithm: AlgorithmIdentifier
    let signatureAlgorithm: AlgorithmIdentifier
    let issuer: DistinguishedName
    let notBefore: ValidationTime
    let notAfter: ValidationTime
    let subject: DistinguishedName
    let subjectPublicKeyInfo: SubjectPublicKeyInfo
    let extensions: CertificateExtensions
    let signature: BitString
    let isSelfIssued: Bool

    init(_ bytes: [UInt8]) throws(DERError) {
        let whole = try DERReader.single(.sequence, bytes[...], in: "Certificate")
        var outer = whole.reader
        let tbs = try outer.next(.sequence, in: "TBSCertificate")
        signatureAlgorithm = try AlgorithmIdentifier(outer.next(), in: "Certificate.signatureAlgorithm")
        signature = try outer.next(.bitString, in: "Certificate.signatureValue")
            .bitString(in: "Certificate.signatureValue")
        try outer.finish(in: "Certificate")
        encoding = whole.encoding
        tbsEncoding = tbs.encoding

        var reader = tbs.reader
        let encodedVersion = try reader.explicitInteger(0, in: "TBSCertificate.version")
        version = try Storage.version(encodedVersion)
        serialNumber = try SerialNumber(reader.next(.integer, in: "TBSCertificate.serialNumber"))
        tbsSignatureAlgorithm = try AlgorithmIdentifier(reader.next(), in: "TBSCertificate.signature")
        issuer = try DistinguishedName(reader.next(), in: "TBSCertificate.issuer")
        var validity = try reader.next(.sequence, in: "TBSCertificate.validity").reader
        notBefore = try validity.next().time(in: "Validity.notBefore")
        notAfter = try validity.next().time(in: "Validity.notAfter")
        try validity.finish(in: "TBSCertificate.validity")
        subject = try DistinguishedName(reader.next(), in: "TBSCertificate.subject")
        subjectPublicKeyInfo = try SubjectPublicKeyInfo(reader.next())
        isSelfIssued = issuer == subject
        extensions = try Storage.tail(&reader, version: version)
    }

    /// v1 by DEFAULT; an encoded 0 is not DER, and anything above v3 is unknown.
    private static func version(_ encoded: Int?) throws(DERError) -> Int {
        switch encoded {
        case nil: 1
        case 1: 2
        case 2: 3
        default: throw DERError(.unsupportedVersion, in: "TBSCertificate.version")
        }
    }

    /// issuerUniqueID and subjectUniqueID (v2, v3), then the extensions (v3).
    private static func tail(_ reader: inout DERReader, version: Int) throws(DERError) -> CertificateExtensions {
        for number: UInt8 in [1, 2] {
            guard let identifier = try reader.nextIfPresent(.context(number)) else { continue }
            guard version >= 2 else { throw DERError(.invalidStructure, in: "TBSCertificate.uniqueID") }
            _ = try identifier.bitString(in: "TBSCertificate.uniqueID")
        }
        var extensions: [Extension] = []
        if let wrapper = try reader.nextIfPresent(.contextConstructed(3)) {
            guard version == 3 else { throw DERError(.invalidStructure, in: "TBSCertificate.extensions") }
            extensions = try Extension.sequence(
                DERReader.single(.sequence, wrapper.contents, in: "TBSCertificate.extensions"),
                in: "TBSCertificate.extensions"
            )
        }
        try reader.finish(in: "TBSCertificate")
        return try CertificateExtensions(extensions)
    }
}
