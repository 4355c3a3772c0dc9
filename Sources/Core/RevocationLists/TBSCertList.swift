package import PKIX

/// What a list's issuer signs: the writing side of ``CertificateList``.
///
/// Always written as v2. Entries are a sequence, encoded as
/// they come, so that a list may be larger than its entries in memory would be.
package struct TBSCertList<Entries: Sequence<RevokedEntry>> {
    package var signature: AlgorithmIdentifier
    package var issuer: DistinguishedName
    package var thisUpdate: ValidationTime
    package var nextUpdate: ValidationTime?
    /// In the order in which they are to stand; none makes `revokedCertificates` absent (RFC 5280 §5.1.2.6).
    package var entries: Entries
    package var crlNumber: CRLNumber?
    /// Set in a delta list.
    package var baseCRLNumber: CRLNumber?
    package var authorityKeyIdentifier: AuthorityKeyIdentifier?
    package var issuingDistributionPoint: IssuingDistributionPoint?
    package var freshestCRL: [DistributionPoint] = []
    /// Others, after those above.
    package var otherExtensions: [Extension] = []

    package init(
        signature: AlgorithmIdentifier,
        issuer: DistinguishedName,
        thisUpdate: ValidationTime,
        nextUpdate: ValidationTime?,
        entries: Entries,
        crlNumber: CRLNumber?,
        authorityKeyIdentifier: AuthorityKeyIdentifier? = nil
    ) {
        self.signature = signature
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.crlNumber = crlNumber
        self.authorityKeyIdentifier = authorityKeyIdentifier
    }

    /// The octets to sign.
    package var der: [UInt8] {
        var list = EntryEncoder()
        for entry in entries { list.append(entry) }
        let frame = frame(entryOctets: list.octets.count)
        return frame.head + list.octets + frame.tail
    }

    /// What stands before and after `entryOctets` octets of encoded entries in ``der``.
    func frame(entryOctets: Int) -> (head: [UInt8], tail: [UInt8]) {
        var head = DERWriter()
        head.integer(1)
        head.algorithm(signature)
        head.append(issuer.encoding)
        head.time(thisUpdate)
        if let nextUpdate { head.time(nextUpdate) }
        if entryOctets > 0 { head.header(.sequence, count: entryOctets) }
        var tail = DERWriter()
        let extensions = self.extensions
        if !extensions.isEmpty {
            tail.append(.contextConstructed(0)) { wrapper in
                wrapper.append(.sequence) { inner in extensions.forEach { inner.certificateExtension($0) } }
            }
        }
        var opening = DERWriter()
        opening.header(.sequence, count: head.bytes.count + entryOctets + tail.bytes.count)
        return (opening.bytes + head.bytes, tail.bytes)
    }

    private var extensions: [Extension] {
        var extensions: [Extension] = []
        if let identifier = authorityKeyIdentifier {
            extensions.append(Extension(id: .authorityKeyIdentifier, critical: false, value: identifier.der))
        }
        if let crlNumber {
            extensions.append(Extension(id: .cRLNumber, critical: false, value: TBSCertList.integer(crlNumber)))
        }
        if let baseCRLNumber {
            let value = TBSCertList.integer(baseCRLNumber)
            extensions.append(Extension(id: .deltaCRLIndicator, critical: true, value: value))
        }
        if let point = issuingDistributionPoint {
            extensions.append(Extension(id: .issuingDistributionPoint, critical: true, value: point.der))
        }
        if !freshestCRL.isEmpty {
            let value = DistributionPoint.der(freshestCRL)
            extensions.append(Extension(id: .freshestCRL, critical: false, value: value))
        }
        return extensions + otherExtensions
    }

    private static func integer(_ number: CRLNumber) -> [UInt8] {
        var writer = DERWriter()
        writer.append(.integer, number.octets)
        return writer.bytes
    }

    /// The list with the issuer's signature over ``der``.
    package func signed(_ sign: ([UInt8]) throws -> [UInt8]) throws -> CertificateList {
        try CertificateList(der: signedEnvelope(tbs: der, algorithm: signature, sign: sign))
    }
}
