/// The extensions of one certificate, decoded.
///
/// An extension that this type knows and cannot decode makes the certificate
/// undecodable: reading half of it would be worse. Unknown ones are kept, and
/// path validation decides about the critical ones (RFC 5280 §6.1.4 (o)).
package struct CertificateExtensions: Hashable, Sendable {
    /// Every extension in encoded order.
    package let all: [Extension]
    package private(set) var basicConstraints: BasicConstraints?
    package private(set) var keyUsage: KeyUsage?
    package private(set) var extendedKeyUsage: [OID]?
    package private(set) var subjectKeyIdentifier: ArraySlice<UInt8>?
    package private(set) var authorityKeyIdentifier: AuthorityKeyIdentifier?
    package private(set) var subjectAltName: [GeneralName]?
    package private(set) var issuerAltName: [GeneralName]?
    package private(set) var certificatePolicies: [PolicyInformation]?
    package private(set) var policyMappings: [PolicyMapping]?
    package private(set) var policyConstraints: PolicyConstraints?
    package private(set) var inhibitAnyPolicy: Int?
    package private(set) var nameConstraints: NameConstraints?
    package private(set) var cRLDistributionPoints: [DistributionPoint]?
    package private(set) var freshestCRL: [DistributionPoint]?
    package private(set) var authorityInfoAccess: [AccessDescription]?
    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    package private(set) var hasOCSPNoCheck = false

    init(_ extensions: [Extension]) throws(DERError) {
        all = extensions
        for item in extensions { try decode(item) }
    }

    /// The extension with this identifier, as encoded.
    package subscript(id: OID) -> Extension? { all.first { $0.id == id } }

    /// Whether the extension stands there and is marked critical.
    package func isCritical(_ id: OID) -> Bool { self[id]?.isCritical == true }

    private mutating func decode(_ item: Extension) throws(DERError) {
        let value = item.value
        switch item.id {
        case .basicConstraints: basicConstraints = try BasicConstraints(value: value)
        case .keyUsage: keyUsage = try KeyUsage(value: value)
        case .extendedKeyUsage: extendedKeyUsage = try CertificateExtensions.purposes(value)
        case .subjectKeyIdentifier:
            subjectKeyIdentifier = try DERReader.single(.octetString, value, in: "SubjectKeyIdentifier").contents
        case .authorityKeyIdentifier: authorityKeyIdentifier = try AuthorityKeyIdentifier(value: value)
        case .subjectAltName: subjectAltName = try CertificateExtensions.names(value, in: "SubjectAltName")
        case .issuerAltName: issuerAltName = try CertificateExtensions.names(value, in: "IssuerAltName")
        case .certificatePolicies: certificatePolicies = try PolicyInformation.sequence(value)
        case .policyMappings: policyMappings = try PolicyMapping.sequence(value)
        case .policyConstraints: policyConstraints = try PolicyConstraints(value: value)
        case .inhibitAnyPolicy:
            inhibitAnyPolicy = try DERReader.single(.integer, value, in: "InhibitAnyPolicy")
                .nonNegativeInteger(in: "InhibitAnyPolicy")
        case .nameConstraints: nameConstraints = try NameConstraints(value: value)
        case .cRLDistributionPoints: cRLDistributionPoints = try DistributionPoint.sequence(value)
        case .freshestCRL: freshestCRL = try DistributionPoint.sequence(value)
        case .authorityInfoAccess: authorityInfoAccess = try AccessDescription.sequence(value)
        case .ocspNoCheck:
            // The RFC wants NULL; the value carries no meaning and is not read.
            hasOCSPNoCheck = true
        default: break
        }
    }

    private static func names(_ value: ArraySlice<UInt8>, in production: String) throws(DERError) -> [GeneralName] {
        try GeneralName.sequence(DERReader.single(.sequence, value, in: production).contents, in: production)
    }

    private static func purposes(_ value: ArraySlice<UInt8>) throws(DERError) -> [OID] {
        var reader = try DERReader.single(.sequence, value, in: "ExtKeyUsage").reader
        var purposes: [OID] = []
        while !reader.isAtEnd {
            purposes.append(try reader.objectIdentifier(in: "ExtKeyUsage"))
            guard purposes.count <= DecodingLimit.extensionElements else {
                throw DERError(.limitExceeded, in: "ExtKeyUsage")
            }
        }
        guard !purposes.isEmpty else { throw DERError(.invalidStructure, in: "ExtKeyUsage") }
        return purposes
    }
}
