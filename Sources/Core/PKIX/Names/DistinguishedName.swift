/// `AttributeTypeAndValue` of RFC 5280 §4.1.2.4.
package struct NameAttribute: Hashable, Sendable {
    package let type: OID
    package let valueTag: DERTag
    package let value: ArraySlice<UInt8>

    package init(type: OID, valueTag: DERTag, value: ArraySlice<UInt8>) {
        (self.type, self.valueTag, self.value) = (type, valueTag, value)
    }

    /// The value as text, when its string type is one that this decoder reads.
    package var string: String? { decodeString(tag: valueTag, value) }
}

/// `Name ::= CHOICE { rdnSequence RDNSequence }`.
///
/// Equality is that of RFC 5280 §7.1: see ``NameComparison``. Names that
/// differ in string type, case or insignificant space are equal.
package struct DistinguishedName: Sendable {
    /// The RDNs, outermost first; each a non-empty set of attributes.
    package let relativeNames: [[NameAttribute]]
    /// The DER of the whole name.
    package let encoding: ArraySlice<UInt8>

    /// Decodes `RDNSequence`, from the tag on.
    package init(_ element: DERElement, in production: String = "Name") throws(DERError) {
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: production) }
        var reader = element.reader
        var names: [[NameAttribute]] = []
        var count = 0
        while !reader.isAtEnd {
            let set = try reader.next(.set, in: production)
            let attributes = try DistinguishedName.relativeName(set, in: production)
            count += attributes.count
            guard count <= DecodingLimit.nameAttributes else { throw DERError(.limitExceeded, in: production) }
            names.append(attributes)
        }
        relativeNames = names
        encoding = element.encoding
    }

    /// Decodes a `RelativeDistinguishedName`, whose tag the caller has checked.
    package static func relativeName(_ set: DERElement, in production: String) throws(DERError) -> [NameAttribute] {
        var reader = set.reader
        var attributes: [NameAttribute] = []
        while !reader.isAtEnd {
            var pair = try reader.next(.sequence, in: production).reader
            let type = try pair.objectIdentifier(in: production)
            let value = try pair.next()
            try pair.finish(in: production)
            attributes.append(NameAttribute(type: type, valueTag: value.tag, value: value.contents))
            guard attributes.count <= DecodingLimit.nameAttributes else {
                throw DERError(.limitExceeded, in: production)
            }
        }
        guard !attributes.isEmpty else { throw DERError(.invalidStructure, in: production) }
        return attributes
    }

    /// A name of single-attribute RDNs; `country` becomes PrintableString, all else UTF8String.
    package init(_ attributes: [(OID, String)]) {
        let names = attributes.map { type, text in
            [
                NameAttribute(
                    type: type, valueTag: type == .country ? .printableString : .utf8String, value: text.utf8.slice)
            ]
        }
        self.init(relativeNames: names)
    }

    package init(relativeNames names: [[NameAttribute]]) {
        relativeNames = names
        encoding =
            DERWriter.encode(.sequence) { sequence in
                for attributes in names { sequence.relativeName(attributes) }
            }[...]
    }

    package var isEmpty: Bool { relativeNames.isEmpty }

    /// This name with `attributes` as one more RDN: `nameRelativeToCRLIssuer` (RFC 5280 §4.2.1.13).
    package func appending(relativeName attributes: [NameAttribute]) -> DistinguishedName {
        DistinguishedName(relativeNames: relativeNames + [attributes])
    }

    /// The values of one attribute type, outermost first.
    package func values(of type: OID) -> [String] {
        relativeNames.joined().filter { $0.type == type }.compactMap(\.string)
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// RFC 4514 order is reversed here: outermost first, as J-LIS writes names.
    package var description: String {
        relativeNames.map { attributes in
            attributes.map { "\(attributeLabel($0.type))=\($0.string ?? "#" + $0.value.hexString)" }
                .joined(separator: "+")
        }.joined(separator: ", ")
    }
}

extension DERWriter {
    package mutating func relativeName(_ attributes: [NameAttribute], tag: DERTag = .set) {
        // DER orders the elements of a SET OF by their encodings (X.690 §11.6).
        let encodings = attributes.map { attribute in
            DERWriter.encode(.sequence) {
                $0.objectIdentifier(attribute.type)
                $0.append(attribute.valueTag, attribute.value)
            }
        }
        append(tag) { set in
            for encoding in encodings.sorted(by: { $0.lexicographicallyPrecedes($1) }) { set.append(encoding) }
        }
    }
}

extension String.UTF8View {
    var slice: ArraySlice<UInt8> { Array(self)[...] }
}

private func attributeLabel(_ type: OID) -> String {
    switch type {
    case .country: "C"
    case .organization: "O"
    case .organizationalUnit: "OU"
    case .commonName: "CN"
    case .locality: "L"
    case .domainComponent: "DC"
    default: type.description
    }
}
