package import PKIX
internal import SignatureAlgorithms

/// ```
/// CertificateList ::= SEQUENCE {
///     tbsCertList          TBSCertList,
///     signatureAlgorithm   AlgorithmIdentifier,
///     signatureValue       BIT STRING }
/// ```
/// RFC 5280 §5.1. The header is decoded; the entries stay octets, checked once
/// and read where they lie. Nothing here says that the list is authentic: see ``VerifiedList``.
package struct CertificateList: Sendable {
    /// The whole list, where it lies.
    package let octets: StoredOctets
    /// The digest of what the issuer signed, by the hash of ``tbsSignatureAlgorithm``; empty when that is unknown.
    package let signedDigest: [UInt8]
    /// 1 or 2.
    package let version: Int
    /// The algorithm inside the signed part; must be the same as ``signatureAlgorithm`` (§5.1.1.2).
    package let tbsSignatureAlgorithm: AlgorithmIdentifier
    package let signatureAlgorithm: AlgorithmIdentifier
    package let signature: BitString
    package let issuer: DistinguishedName
    package let thisUpdate: ValidationTime
    package let nextUpdate: ValidationTime?
    /// The extensions of the list as encoded; empty in a v1 list.
    package let extensions: [Extension]
    package let crlNumber: CRLNumber?
    /// `BaseCRLNumber` of deltaCRLIndicator: set exactly when this is a delta list (§5.2.4).
    package let baseCRLNumber: CRLNumber?
    package let issuingDistributionPoint: IssuingDistributionPoint?
    package let authorityKeyIdentifier: AuthorityKeyIdentifier?
    package let freshestCRL: [DistributionPoint]?
    /// Critical extensions of the list that this program cannot process: it must not be used (§5.2).
    package let unknownCriticalExtensions: [OID]
    /// Whether an entry has a critical extension that this program cannot process: the same (§5.3).
    package let hasUnknownCriticalEntryExtension: Bool
    package let entryCount: Int
    /// All but the entries: what is in front of them and what is behind them, one after the other.
    let frame: [UInt8]
    /// Where the entries lie in ``octets``; empty when `revokedCertificates` is left out.
    let entriesRange: Range<Int>

    /// Octets of the largest list: 2 GiB - 1.
    package static let largestSize = Int(Int32.max)

    /// Decodes exactly one list and reads its entries once.
    ///
    /// For lists of a size that fits a message; a nation's are read by ``ListPass``.
    ///
    /// - Throws: ``DERError`` for anything that is not a v1 or v2 list in DER: a present but empty
    ///   `revokedCertificates` (§5.1.2.6), extensions in a v1 list (§5.1.2.1), certificateIssuer in a list that is
    ///   not indirect, removeFromCRL in a list that is no delta (§5.3.1), an empty issuer (§5.1.2.3).
    package init(der: [UInt8]) throws(DERError) {
        self = try ListPass.over(StoredOctets(der), keeping: .nothing, wholeDigest: .none).list
    }

    /// From what a pass found.
    init(frame: ListFrame, survey: EntrySurvey, digest: [UInt8], octets: StoredOctets) throws(DERError) {
        self.octets = octets
        self.frame = frame.octets
        signedDigest = digest
        entriesRange = frame.walk.entries
        var reader = frame.fields
        version = try CertificateList.version(&reader)
        tbsSignatureAlgorithm = try AlgorithmIdentifier(reader.next(), in: "TBSCertList.signature")
        issuer = try DistinguishedName(reader.next(), in: "TBSCertList.issuer")
        guard !issuer.isEmpty else { throw DERError(.invalidStructure, in: "TBSCertList.issuer") }
        thisUpdate = try reader.next().time(in: "TBSCertList.thisUpdate")
        let hasNextUpdate = reader.nextTag == .utcTime || reader.nextTag == .generalizedTime
        nextUpdate = hasNextUpdate ? try reader.next().time(in: "TBSCertList.nextUpdate") : nil
        try reader.finish(in: "TBSCertList")
        reader = frame.extensions
        extensions = try CertificateList.extensions(&reader, version: version)
        try reader.finish(in: "TBSCertList")
        reader = frame.signature
        signatureAlgorithm = try AlgorithmIdentifier(reader.next(), in: "CertificateList.signatureAlgorithm")
        signature = try reader.next(.bitString, in: "CertificateList.signatureValue")
            .bitString(in: "CertificateList.signatureValue")
        try reader.finish(in: "CertificateList")

        let decoded = try ListExtensions(extensions)
        crlNumber = decoded.crlNumber
        baseCRLNumber = decoded.baseCRLNumber
        issuingDistributionPoint = decoded.issuingDistributionPoint
        authorityKeyIdentifier = decoded.authorityKeyIdentifier
        freshestCRL = decoded.freshestCRL
        unknownCriticalExtensions = decoded.unknownCritical

        entryCount = survey.count
        hasUnknownCriticalEntryExtension = survey.hasUnknownCritical
        guard version == 2 || !survey.hasExtensions else {
            throw DERError(.invalidStructure, in: "crlEntryExtensions")
        }
        guard decoded.baseCRLNumber != nil || !survey.hasRemoval else {
            throw DERError(.invalidStructure, in: "reasonCode")
        }
        guard decoded.issuingDistributionPoint?.kind == .indirect || !survey.hasCertificateIssuer else {
            throw DERError(.invalidStructure, in: "certificateIssuer")
        }
    }

    /// A copy of the whole list. For lists of a size that fits a message.
    package var der: [UInt8] { octets.bytes }

    /// SHA-256 of the list without its entries: header, extensions and signature, which no other list shares.
    var frameDigest: [UInt8] { HashAlgorithm.sha256.digest(of: frame) }

    /// Whether entries may be about certificates of other issuers (§5.2.5).
    package var isIndirect: Bool { issuingDistributionPoint?.kind == .indirect }

    /// Whether this is a delta list, which means nothing without its base (§5.2.4).
    package var isDelta: Bool { baseCRLNumber != nil }

    /// v1 by absence; when the field stands there it must be v2 (§5.1.2.1).
    private static func version(_ reader: inout DERReader) throws(DERError) -> Int {
        guard let encoded = try reader.nextIfPresent(.integer) else { return 1 }
        guard try encoded.nonNegativeInteger(in: "TBSCertList.version") == 1 else {
            throw DERError(.unsupportedVersion, in: "TBSCertList.version")
        }
        return 2
    }

    private static func extensions(_ reader: inout DERReader, version: Int) throws(DERError) -> [Extension] {
        guard let wrapper = try reader.nextIfPresent(.contextConstructed(0)) else { return [] }
        guard version == 2 else { throw DERError(.invalidStructure, in: "crlExtensions") }
        return try Extension.sequence(
            DERReader.single(.sequence, wrapper.contents, in: "crlExtensions"), in: "crlExtensions")
    }
}

extension CertificateList: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.octets == right.octets }

    package func hash(into hasher: inout Hasher) {
        // The signature tells lists apart as well as their whole encoding does.
        hasher.combine(signature)
        hasher.combine(octets.count)
    }
}

/// The extensions of a list, decoded (RFC 5280 §5.2).
private struct ListExtensions {
    var crlNumber: CRLNumber?
    var baseCRLNumber: CRLNumber?
    var issuingDistributionPoint: IssuingDistributionPoint?
    var authorityKeyIdentifier: AuthorityKeyIdentifier?
    var freshestCRL: [DistributionPoint]?
    var unknownCritical: [OID] = []

    init(_ extensions: [Extension]) throws(DERError) {
        for item in extensions {
            switch item.id {
            case .cRLNumber:
                // RFC 5280 §5.2.3: a non-critical extension.
                guard !item.isCritical else { throw DERError(.invalidStructure, in: "cRLNumber") }
                crlNumber = try CRLNumber(DERReader.single(.integer, item.value, in: "cRLNumber"))
            case .deltaCRLIndicator:
                baseCRLNumber = try CRLNumber(DERReader.single(.integer, item.value, in: "BaseCRLNumber"))
            case .issuingDistributionPoint:
                issuingDistributionPoint = try IssuingDistributionPoint(value: item.value)
            case .authorityKeyIdentifier:
                authorityKeyIdentifier = try AuthorityKeyIdentifier(value: item.value)
            case .freshestCRL:
                freshestCRL = try DistributionPoint.sequence(item.value)
            default:
                if item.isCritical { unknownCritical.append(item.id) }
            }
        }
    }
}
