/// Tag and length of a data object in the files of 券面事項 applications: a tag of one or two octets, a length in one to
/// three (ISO/IEC 7816-4 §6.3, BER-TLV).
package struct RecordHeader: Hashable, Sendable {
    package let tag: UInt16
    /// Octets of the value.
    package let length: Int
    /// Octets of tag and length.
    package let headerLength: Int

    /// Reads the header at the start of `octets`.
    package init(_ octets: ArraySlice<UInt8>) throws(CardFault) {
        var rest = octets
        guard let first = rest.popFirst() else { throw .malformedAnswer(.truncated) }
        if first & 0x1F == 0x1F {
            guard let second = rest.popFirst() else { throw .malformedAnswer(.truncated) }
            // A third octet of tag occurs nowhere here.
            guard second & 0x80 == 0 || first == 0xFF || first == 0xDF else {
                throw .malformedAnswer(.unexpectedContents)
            }
            tag = UInt16(first) << 8 | UInt16(second)
        } else {
            tag = UInt16(first)
        }
        guard let form = rest.popFirst() else { throw .malformedAnswer(.truncated) }
        var count = Int(form)
        if form >= 0x80 {
            let width = Int(form & 0x7F)
            guard width == 1 || width == 2 else { throw .malformedAnswer(.unexpectedContents) }
            count = 0
            for _ in 0..<width {
                guard let octet = rest.popFirst() else { throw .malformedAnswer(.truncated) }
                count = count << 8 | Int(octet)
            }
        }
        length = count
        headerLength = octets.count - rest.count
    }

    /// Where the record begins: some cards of about 2023 are said to put two octets before it.
    static func start(of octets: [UInt8]) -> Int {
        octets.first != 0xFF && octets.count > 2 && octets[2] == 0xFF ? 2 : 0
    }
}

/// One data object and where it lies.
package struct RecordField: Hashable, Sendable {
    package let tag: UInt16
    package let value: ArraySlice<UInt8>
    /// Tag, length and value.
    package let encoding: ArraySlice<UInt8>
}

/// The outer data object of a file with its fields in order. Filler behind the last (00 or FF) ends them.
package struct Record: Hashable, Sendable {
    package let tag: UInt16
    package let fields: [RecordField]

    /// Fields of one record at most; the largest has ten.
    package static let mostFields = 16

    package init(_ octets: [UInt8], tag: UInt16) throws(CardFault) {
        let outer = octets[RecordHeader.start(of: octets)...]
        let header = try RecordHeader(outer)
        guard header.tag == tag else { throw .malformedAnswer(.unexpectedContents) }
        var rest = try Record.value(header, outer)
        var fields: [RecordField] = []
        while let first = rest.first, first != 0x00, first != 0xFF {
            guard fields.count < Record.mostFields else { throw .malformedAnswer(.tooLong) }
            let header = try RecordHeader(rest)
            let value = try Record.value(header, rest)
            guard !fields.contains(where: { $0.tag == header.tag }) else {
                throw .malformedAnswer(.unexpectedContents)
            }
            fields.append(RecordField(tag: header.tag, value: value, encoding: rest[rest.startIndex..<value.endIndex]))
            rest = rest[value.endIndex...]
        }
        (self.tag, self.fields) = (header.tag, fields)
    }

    private static func value(_ header: RecordHeader, _ octets: ArraySlice<UInt8>) throws(CardFault) -> ArraySlice<
        UInt8
    > {
        guard header.length <= octets.count - header.headerLength else { throw .malformedAnswer(.truncated) }
        let start = octets.startIndex + header.headerLength
        return octets[start..<start + header.length]
    }

    /// The value of the one field with `tag`.
    package func value(_ tag: UInt16) throws(CardFault) -> ArraySlice<UInt8> {
        guard let found = fields.first(where: { $0.tag == tag }) else { throw .malformedAnswer(.unexpectedContents) }
        return found.value
    }

    /// What stands before the field with `tag`: the octets that its signature covers.
    package func octets(before tag: UInt16) -> [UInt8] {
        fields.prefix { $0.tag != tag }.flatMap { Array($0.encoding) }
    }

    /// What stands behind the field with `tag`.
    package func octets(behind tag: UInt16) -> [UInt8] {
        fields.drop { $0.tag != tag }.dropFirst().flatMap { Array($0.encoding) }
    }
}
