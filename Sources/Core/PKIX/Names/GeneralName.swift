/// `GeneralName` of RFC 5280 §4.2.1.6, all nine alternatives.
///
/// Two general names are equal when they are the same alternative with the
/// same value; directory names compare by §7.1, the others octet for octet.
package enum GeneralName: Hashable, Sendable {
    /// The type, and the value's DER inside the explicit `[0]`.
    case otherName(type: OID, value: ArraySlice<UInt8>)
    case rfc822Name(String)
    case dNSName(String)
    case x400Address(ArraySlice<UInt8>)
    case directoryName(DistinguishedName)
    case ediPartyName(ArraySlice<UInt8>)
    case uniformResourceIdentifier(String)
    case iPAddress(ArraySlice<UInt8>)
    case registeredID(OID)

    package init(_ element: DERElement, in production: String = "GeneralName") throws(DERError) {
        switch element.tag {
        case .contextConstructed(0):
            self = try GeneralName.otherName(element, in: production)
        case .context(1): self = .rfc822Name(try element.ia5String(in: production))
        case .context(2): self = .dNSName(try element.ia5String(in: production))
        case .contextConstructed(3): self = .x400Address(element.contents)
        case .contextConstructed(4):
            // A CHOICE keeps its own tag: [4] is explicit.
            self = .directoryName(
                try DistinguishedName(DERReader.single(.sequence, element.contents, in: production), in: production)
            )
        case .contextConstructed(5): self = .ediPartyName(element.contents)
        case .context(6): self = .uniformResourceIdentifier(try element.ia5String(in: production))
        case .context(7): self = .iPAddress(element.contents)
        case .context(8): self = .registeredID(try OID(contents: element.contents))
        default: throw DERError(.unexpectedTag, in: production)
        }
    }

    private static func otherName(_ element: DERElement, in production: String) throws(DERError) -> GeneralName {
        var reader = element.reader
        let type = try reader.objectIdentifier(in: production)
        let value = try reader.next(.contextConstructed(0), in: production)
        try reader.finish(in: production)
        return .otherName(type: type, value: value.contents)
    }

    /// `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, contents only.
    package static func sequence(
        _ contents: ArraySlice<UInt8>,
        in production: String
    ) throws(DERError) -> [GeneralName] {
        var reader = DERReader(contents)
        var names: [GeneralName] = []
        while !reader.isAtEnd {
            names.append(try GeneralName(reader.next(), in: production))
            guard names.count <= DecodingLimit.extensionElements else {
                throw DERError(.limitExceeded, in: production)
            }
        }
        guard !names.isEmpty else { throw DERError(.invalidStructure, in: production) }
        return names
    }
}

extension DERElement {
    /// An IA5String: octets below 80 hex.
    func ia5String(in production: @autoclosure () -> String) throws(DERError) -> String {
        guard contents.allSatisfy({ $0 < 0x80 }) else { throw DERError(.invalidContents, in: production()) }
        return String(decoding: contents, as: UTF8.self)
    }
}

extension DERWriter {
    package mutating func generalName(_ name: GeneralName) {
        switch name {
        case .otherName(let type, let value):
            append(.contextConstructed(0)) {
                $0.objectIdentifier(type)
                $0.append(.contextConstructed(0), value)
            }
        case .rfc822Name(let text): append(.context(1), Array(text.utf8))
        case .dNSName(let text): append(.context(2), Array(text.utf8))
        case .x400Address(let contents): append(.contextConstructed(3), contents)
        case .directoryName(let name): append(.contextConstructed(4), name.encoding)
        case .ediPartyName(let contents): append(.contextConstructed(5), contents)
        case .uniformResourceIdentifier(let text): append(.context(6), Array(text.utf8))
        case .iPAddress(let octets): append(.context(7), octets)
        case .registeredID(let oid): append(.context(8), oid.contents)
        }
    }
}
