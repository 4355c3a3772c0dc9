package import PKIX

/// What a certificate shall say; the issuer adds its own name, its signature and the key identifiers.
package struct CertificateRequest: Sendable {
    /// Whether the issuer adds authorityKeyIdentifier and subjectKeyIdentifier.
    package enum KeyIdentifiers: Sendable {
        case written
        case leftOut
    }

    package var serialNumber: SerialNumber
    package var subject: DistinguishedName
    package var publicKeyInfo: SubjectPublicKeyInfo
    package var notBefore: ValidationTime
    package var notAfter: ValidationTime
    package var extensions: [Extension]
    package var keyIdentifiers = KeyIdentifiers.written

    package init(
        serialNumber: SerialNumber,
        subject: DistinguishedName,
        publicKeyInfo: SubjectPublicKeyInfo,
        notBefore: ValidationTime,
        notAfter: ValidationTime,
        extensions: [Extension] = []
    ) {
        (self.serialNumber, self.subject, self.publicKeyInfo) = (serialNumber, subject, publicKeyInfo)
        (self.notBefore, self.notAfter, self.extensions) = (notBefore, notAfter, extensions)
    }
}

/// Extensions as the sandbox writes them, with the criticality that RFC 5280 or JPKI's profile gives.
extension Extension {
    package static func keyUsage(_ usage: KeyUsage) -> Extension {
        Extension(id: .keyUsage, critical: true, value: usage.der)
    }

    package static func basicConstraints(_ constraints: BasicConstraints) -> Extension {
        Extension(id: .basicConstraints, critical: true, value: constraints.der)
    }

    package static func subjectKeyIdentifier(_ identifier: [UInt8]) -> Extension {
        var writer = DERWriter()
        writer.octetString(identifier)
        return Extension(id: .subjectKeyIdentifier, critical: false, value: writer.bytes)
    }

    package static func authorityKeyIdentifier(_ identifier: [UInt8]) -> Extension {
        let value = AuthorityKeyIdentifier(keyIdentifier: identifier[...]).der
        return Extension(id: .authorityKeyIdentifier, critical: false, value: value)
    }

    /// Critical in JPKI's profile, which RFC 5280 allows.
    package static func certificatePolicies(_ policies: [PolicyInformation]) -> Extension {
        Extension(id: .certificatePolicies, critical: true, value: PolicyInformation.der(policies))
    }

    package static func cRLDistributionPoints(_ points: [DistributionPoint]) -> Extension {
        Extension(id: .cRLDistributionPoints, critical: false, value: DistributionPoint.der(points))
    }

    package static func ocspAccess(_ url: String) -> Extension {
        let access = AccessDescription(
            accessMethod: .ocspAccessMethod, accessLocation: .uniformResourceIdentifier(url))
        return Extension(id: .authorityInfoAccess, critical: false, value: AccessDescription.der([access]))
    }

    package static func subjectAltName(_ names: [GeneralName]) -> Extension {
        Extension(id: .subjectAltName, critical: false, value: generalNames(names))
    }

    package static func issuerAltName(_ names: [GeneralName]) -> Extension {
        Extension(id: .issuerAltName, critical: false, value: generalNames(names))
    }

    package static func extendedKeyUsage(_ purposes: [OID]) -> Extension {
        let value = DERWriter.encode(.sequence) { list in purposes.forEach { list.objectIdentifier($0) } }
        return Extension(id: .extendedKeyUsage, critical: false, value: value)
    }

    /// RFC 6960 §4.2.2.2.1: NULL.
    package static var ocspNoCheck: Extension { Extension(id: .ocspNoCheck, critical: false, value: [0x05, 0x00]) }

    private static func generalNames(_ names: [GeneralName]) -> [UInt8] {
        DERWriter.encode(.sequence) { list in names.forEach { list.generalName($0) } }
    }
}
