/// `AccessDescription` of authorityInfoAccess (RFC 5280 §4.2.2.1).
package struct AccessDescription: Hashable, Sendable {
    package let accessMethod: OID
    package let accessLocation: GeneralName

    package init(accessMethod: OID, accessLocation: GeneralName) {
        (self.accessMethod, self.accessLocation) = (accessMethod, accessLocation)
    }

    static func sequence(_ value: ArraySlice<UInt8>) throws(DERError) -> [AccessDescription] {
        try elements(value, "AuthorityInfoAccess") { element throws(DERError) in
            var reader = element.reader
            let method = try reader.objectIdentifier(in: "AuthorityInfoAccess")
            let location = try GeneralName(reader.next(), in: "AuthorityInfoAccess")
            try reader.finish(in: "AuthorityInfoAccess")
            return AccessDescription(accessMethod: method, accessLocation: location)
        }
    }

    package static func der(_ descriptions: [AccessDescription]) -> [UInt8] {
        DERWriter.encode(.sequence) { sequence in
            for description in descriptions {
                sequence.append(.sequence) {
                    $0.objectIdentifier(description.accessMethod)
                    $0.generalName(description.accessLocation)
                }
            }
        }
    }
}
