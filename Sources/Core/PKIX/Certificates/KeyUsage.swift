/// The bits of `KeyUsage` (RFC 5280 §4.2.1.3).
package struct KeyUsage: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let digitalSignature = KeyUsage(bit: 0)
    package static let nonRepudiation = KeyUsage(bit: 1)
    package static let keyEncipherment = KeyUsage(bit: 2)
    package static let dataEncipherment = KeyUsage(bit: 3)
    package static let keyAgreement = KeyUsage(bit: 4)
    package static let keyCertSign = KeyUsage(bit: 5)
    package static let cRLSign = KeyUsage(bit: 6)
    package static let encipherOnly = KeyUsage(bit: 7)
    package static let decipherOnly = KeyUsage(bit: 8)

    private init(bit: UInt16) { rawValue = 1 << bit }

    /// The names of the bits as RFC 5280 spells them, in bit order.
    package static let names: [(name: String, usage: KeyUsage)] = [
        ("digitalSignature", .digitalSignature), ("nonRepudiation", .nonRepudiation),
        ("keyEncipherment", .keyEncipherment), ("dataEncipherment", .dataEncipherment),
        ("keyAgreement", .keyAgreement), ("keyCertSign", .keyCertSign), ("cRLSign", .cRLSign),
        ("encipherOnly", .encipherOnly), ("decipherOnly", .decipherOnly),
    ]

    /// The usage with an RFC 5280 name; nil for any other word.
    package init?(name: String) {
        guard let found = KeyUsage.names.first(where: { $0.name == name }) else { return nil }
        self = found.usage
    }

    init(value: ArraySlice<UInt8>) throws(DERError) {
        let bits = try DERReader.single(.bitString, value, in: "KeyUsage").bitString(in: "KeyUsage")
        var raw: UInt16 = 0
        for bit in 0..<9 where bits[bit] { raw |= 1 << UInt16(bit) }
        // At least one bit must be set.
        guard raw != 0 else { throw DERError(.invalidStructure, in: "KeyUsage") }
        rawValue = raw
    }

    /// The extension's value.
    package var der: [UInt8] {
        var writer = DERWriter()
        writer.namedBits(Set((0..<9).filter { rawValue & (1 << UInt16($0)) != 0 }))
        return writer.bytes
    }
}

/// `BasicConstraints` (RFC 5280 §4.2.1.9).
package struct BasicConstraints: Hashable, Sendable {
    package let isCA: Bool
    package let pathLenConstraint: Int?

    package init(isCA: Bool, pathLenConstraint: Int? = nil) {
        (self.isCA, self.pathLenConstraint) = (isCA, pathLenConstraint)
    }

    init(value: ArraySlice<UInt8>) throws(DERError) {
        var reader = try DERReader.single(.sequence, value, in: "BasicConstraints").reader
        isCA = try reader.nextIfPresent(.boolean)?.boolean(in: "BasicConstraints.cA") ?? false
        pathLenConstraint = try reader.nextIfPresent(.integer)?
            .nonNegativeInteger(in: "BasicConstraints.pathLenConstraint")
        try reader.finish(in: "BasicConstraints")
        guard isCA || pathLenConstraint == nil else { throw DERError(.invalidStructure, in: "BasicConstraints") }
    }

    package var der: [UInt8] {
        DERWriter.encode(.sequence) {
            if isCA { $0.boolean(true) }
            if let length = pathLenConstraint { $0.integer(UInt64(length)) }
        }
    }
}

/// `AuthorityKeyIdentifier` (RFC 5280 §4.2.1.1).
package struct AuthorityKeyIdentifier: Hashable, Sendable {
    package let keyIdentifier: ArraySlice<UInt8>?
    package let authorityCertIssuer: [GeneralName]
    package let authorityCertSerialNumber: SerialNumber?

    package init(keyIdentifier: ArraySlice<UInt8>) {
        self.keyIdentifier = keyIdentifier
        authorityCertIssuer = []
        authorityCertSerialNumber = nil
    }

    package init(value: ArraySlice<UInt8>) throws(DERError) {
        let production = "AuthorityKeyIdentifier"
        var reader = try DERReader.single(.sequence, value, in: production).reader
        keyIdentifier = try reader.nextIfPresent(.context(0))?.contents
        if let names = try reader.nextIfPresent(.contextConstructed(1)) {
            authorityCertIssuer = try GeneralName.sequence(names.contents, in: production)
        } else {
            authorityCertIssuer = []
        }
        if let serial = try reader.nextIfPresent(.context(2)) {
            authorityCertSerialNumber = try SerialNumber(serial, in: production)
        } else {
            authorityCertSerialNumber = nil
        }
        try reader.finish(in: production)
        guard authorityCertIssuer.isEmpty == (authorityCertSerialNumber == nil) else {
            throw DERError(.invalidStructure, in: production)
        }
    }

    package var der: [UInt8] {
        DERWriter.encode(.sequence) {
            if let identifier = keyIdentifier { $0.append(.context(0), identifier) }
        }
    }
}
