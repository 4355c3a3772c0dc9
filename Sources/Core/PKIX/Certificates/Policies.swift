/// `PolicyInformation` (RFC 5280 §4.2.1.4). Qualifiers are kept, not interpreted.
package struct PolicyInformation: Hashable, Sendable {
    package let policyIdentifier: OID
    package let policyQualifiers: ArraySlice<UInt8>?

    package init(_ policyIdentifier: OID, cps: String? = nil) {
        self.policyIdentifier = policyIdentifier
        policyQualifiers = cps.map { uri in
            DERWriter.encode(.sequence) {
                $0.append(.sequence) {
                    $0.objectIdentifier(.cpsQualifier)
                    $0.append(.ia5String, Array(uri.utf8))
                }
            }[...]
        }
    }

    init(_ element: DERElement) throws(DERError) {
        var reader = element.reader
        policyIdentifier = try reader.objectIdentifier(in: "PolicyInformation")
        policyQualifiers = try reader.nextIfPresent(.sequence)?.encoding
        try reader.finish(in: "PolicyInformation")
    }

    /// `certificatePolicies`: no policy may stand twice (§4.2.1.4).
    static func sequence(_ value: ArraySlice<UInt8>) throws(DERError) -> [PolicyInformation] {
        let policies = try elements(value, "CertificatePolicies") { element throws(DERError) in
            try PolicyInformation(element)
        }
        guard Set(policies.map(\.policyIdentifier)).count == policies.count else {
            throw DERError(.invalidStructure, in: "CertificatePolicies")
        }
        return policies
    }

    package static func der(_ policies: [PolicyInformation]) -> [UInt8] {
        DERWriter.encode(.sequence) { sequence in
            for policy in policies {
                sequence.append(.sequence) {
                    $0.objectIdentifier(policy.policyIdentifier)
                    if let qualifiers = policy.policyQualifiers { $0.append(qualifiers) }
                }
            }
        }
    }
}

/// One pair of `PolicyMappings` (RFC 5280 §4.2.1.5).
package struct PolicyMapping: Hashable, Sendable {
    package let issuerDomainPolicy: OID
    package let subjectDomainPolicy: OID

    static func sequence(_ value: ArraySlice<UInt8>) throws(DERError) -> [PolicyMapping] {
        try elements(value, "PolicyMappings") { element throws(DERError) in
            var reader = element.reader
            let issuer = try reader.objectIdentifier(in: "PolicyMappings")
            let subject = try reader.objectIdentifier(in: "PolicyMappings")
            try reader.finish(in: "PolicyMappings")
            return PolicyMapping(issuerDomainPolicy: issuer, subjectDomainPolicy: subject)
        }
    }
}

/// `PolicyConstraints` (RFC 5280 §4.2.1.11).
package struct PolicyConstraints: Hashable, Sendable {
    package let requireExplicitPolicy: Int?
    package let inhibitPolicyMapping: Int?

    init(value: ArraySlice<UInt8>) throws(DERError) {
        var reader = try DERReader.single(.sequence, value, in: "PolicyConstraints").reader
        requireExplicitPolicy = try reader.nextIfPresent(.context(0))?.nonNegativeInteger(in: "PolicyConstraints")
        inhibitPolicyMapping = try reader.nextIfPresent(.context(1))?.nonNegativeInteger(in: "PolicyConstraints")
        try reader.finish(in: "PolicyConstraints")
        // An empty sequence must not be issued, and says nothing when it is.
        guard requireExplicitPolicy != nil || inhibitPolicyMapping != nil else {
            throw DERError(.invalidStructure, in: "PolicyConstraints")
        }
    }
}

/// Decodes a non-empty `SEQUENCE OF SEQUENCE`, at most ``DecodingLimit/extensionElements`` long.
func elements<Item>(
    _ value: ArraySlice<UInt8>,
    _ production: String,
    _ decode: (DERElement) throws(DERError) -> Item
) throws(DERError) -> [Item] {
    var reader = try DERReader.single(.sequence, value, in: production).reader
    var items: [Item] = []
    while !reader.isAtEnd {
        items.append(try decode(reader.next(.sequence, in: production)))
        guard items.count <= DecodingLimit.extensionElements else { throw DERError(.limitExceeded, in: production) }
    }
    guard !items.isEmpty else { throw DERError(.invalidStructure, in: production) }
    return items
}
