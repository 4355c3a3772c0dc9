package import PKIX
internal import SignatureAlgorithms

/// What lists are ordered within: issuer name and key, issuing distribution
/// point and form. A list replaces another only inside one scope.
package struct ListScope: Hashable, Sendable {
    package let issuerKey: SubjectPublicKeyInfo
    /// DER of the issuingDistributionPoint extension's value; nil when the list has none.
    package let issuingDistributionPoint: [UInt8]?
    package let form: ListForm
    /// 64 lower-case hex digits, the same for the same scope for ever: the key of stored lists.
    package let id: String
    /// The id of the same scope in the other form: of the delta lists of a complete list, and the reverse.
    package let siblingID: String

    /// - Parameter issuerName: as configured, so that a list's own spelling of it makes no other scope.
    package init(
        issuerName: DistinguishedName,
        issuerKey: SubjectPublicKeyInfo,
        issuingDistributionPoint: [UInt8]?,
        form: ListForm
    ) {
        self.issuerKey = issuerKey
        self.issuingDistributionPoint = issuingDistributionPoint
        self.form = form
        func id(_ form: ListForm) -> String {
            // DER, so that no two scopes write the same octets.
            let identity = DERWriter.encode(.sequence) { writer in
                writer.append(issuerName.encoding)
                writer.append(issuerKey.encoding)
                writer.utf8String(form.rawValue)
                if let issuingDistributionPoint { writer.octetString(issuingDistributionPoint) }
            }
            return HashAlgorithm.sha256.digest(of: identity).hexString
        }
        self.id = id(form)
        siblingID = id(form == .complete ? .delta : .complete)
    }
}
