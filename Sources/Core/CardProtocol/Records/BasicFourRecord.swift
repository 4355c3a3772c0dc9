internal import SignatureAlgorithms

/// EF 0002 of 券面事項入力補助: name, address, date of birth and sex as printed on the card.
package struct BasicFourRecord: Hashable, Sendable {
    package let name: String
    package let address: String
    /// `YYYYMMDD`, Gregorian.
    package let birthDate: String
    /// As the card has it: sources differ on what the digits mean.
    package let sex: String
    /// SHA-256 over what EF 0003 vouches for: everything behind the table of offsets.
    package let digest: [UInt8]

    private enum Tag {
        static let (record, offsets, name, address): (UInt16, UInt16, UInt16, UInt16) = (0xFF20, 0xDF21, 0xDF22, 0xDF23)
        static let (birthDate, sex): (UInt16, UInt16) = (0xDF24, 0xDF25)
    }

    package init(_ octets: [UInt8]) throws(CardFault) {
        let record = try Record(octets, tag: Tag.record)
        name = try BasicFourRecord.text(record.value(Tag.name))
        address = try BasicFourRecord.text(record.value(Tag.address))
        birthDate = try BasicFourRecord.text(record.value(Tag.birthDate))
        sex = try BasicFourRecord.text(record.value(Tag.sex))
        guard birthDate.utf8.count == 8, birthDate.utf8.allSatisfy({ (0x30...0x39).contains($0) }), sex.utf8.count == 1
        else { throw .malformedAnswer(.unexpectedContents) }
        try BasicFourRecord.check(record.value(Tag.offsets), against: record, in: octets)
        digest = HashAlgorithm.sha256.digest(of: record.octets(behind: Tag.offsets))
    }

    private static func text(_ octets: ArraySlice<UInt8>) throws(CardFault) -> String {
        guard let text = String(validating: octets, as: UTF8.self) else { throw .malformedAnswer(.unexpectedContents) }
        return text
    }

    /// The table says where the four fields begin, counted from the start of the file: a table that lies is a fault.
    private static func check(_ table: ArraySlice<UInt8>, against record: Record, in octets: [UInt8]) throws(CardFault)
    {
        let start = RecordHeader.start(of: octets)
        let places = record.fields.filter { $0.tag != Tag.offsets }.prefix(4).map { $0.encoding.startIndex - start }
        guard table.count == 8, places.count == 4 else { throw .malformedAnswer(.unexpectedContents) }
        for (index, place) in places.enumerated() {
            let at = table.startIndex + index * 2
            guard Int(table[at]) << 8 | Int(table[at + 1]) == place else { throw .malformedAnswer(.unexpectedContents) }
        }
    }
}
