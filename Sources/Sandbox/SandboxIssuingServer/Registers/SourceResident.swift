package import JPKIProfile
package import PKIX

/// A test resident as the registers are built from: in process from a ``SandboxAuthority`` sandbox, or over its
/// control API.
package struct SourceResident: Hashable, Sendable {
    /// A certificate of the resident, by what a look-up asks for.
    package struct Link: Hashable, Sendable {
        package let kind: CertificateKind
        package let issuerKeyIdentifier: [UInt8]
        package let serialNumber: SerialNumber

        package init(kind: CertificateKind, issuerKeyIdentifier: [UInt8], serialNumber: SerialNumber) {
            (self.kind, self.issuerKeyIdentifier, self.serialNumber) = (kind, issuerKeyIdentifier, serialNumber)
        }

        /// The link of a certificate; nil for one without an authority key identifier (RFC 5280 §4.2.1.1).
        package init?(_ certificate: Certificate, kind: CertificateKind) {
            guard let identifier = certificate.extensions.authorityKeyIdentifier?.keyIdentifier else { return nil }
            self.init(kind: kind, issuerKeyIdentifier: Array(identifier), serialNumber: certificate.serialNumber)
        }
    }

    /// The sandbox's id: an archetype's word, or `minted-…`.
    package let id: String
    package let municipalityCode: String
    package let name: String
    /// フリガナ; nil when none was notified.
    package let kana: String?
    package let address: String
    /// `EYYYYMMDD`.
    package let birthDate: String
    package let isMale: Bool
    /// Former certificates too: renewal, a new card and a telephone all lead to one 宛名番号.
    package let links: [Link]

    package init(
        id: String, municipalityCode: String, name: String, kana: String?, address: String, birthDate: String,
        isMale: Bool, links: [Link]
    ) {
        (self.id, self.municipalityCode, self.name, self.kana) = (id, municipalityCode, name, kana)
        (self.address, self.birthDate, self.isMale, self.links) = (address, birthDate, isMale, links)
    }
}
