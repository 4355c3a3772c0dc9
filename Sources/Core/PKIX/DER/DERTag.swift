/// An identifier octet (X.690 §8.1.2): class, constructed bit and a tag number up to 30.
@frozen
public struct DERTag: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A context-specific tag over primitive contents: `[n] IMPLICIT`.
    @inlinable
    public static func context(_ number: UInt8) -> DERTag { DERTag(rawValue: 0x80 | (number & 0x1F)) }

    /// A context-specific tag over constructed contents: `[n] EXPLICIT`, or IMPLICIT over a SEQUENCE.
    @inlinable
    public static func contextConstructed(_ number: UInt8) -> DERTag { DERTag(rawValue: 0xA0 | (number & 0x1F)) }

    public static let boolean = DERTag(rawValue: 0x01)
    public static let integer = DERTag(rawValue: 0x02)
    public static let bitString = DERTag(rawValue: 0x03)
    public static let octetString = DERTag(rawValue: 0x04)
    public static let null = DERTag(rawValue: 0x05)
    public static let objectIdentifier = DERTag(rawValue: 0x06)
    public static let enumerated = DERTag(rawValue: 0x0A)
    public static let utf8String = DERTag(rawValue: 0x0C)
    public static let printableString = DERTag(rawValue: 0x13)
    public static let teletexString = DERTag(rawValue: 0x14)
    public static let ia5String = DERTag(rawValue: 0x16)
    public static let utcTime = DERTag(rawValue: 0x17)
    public static let generalizedTime = DERTag(rawValue: 0x18)
    public static let visibleString = DERTag(rawValue: 0x1A)
    public static let universalString = DERTag(rawValue: 0x1C)
    public static let bmpString = DERTag(rawValue: 0x1E)
    public static let sequence = DERTag(rawValue: 0x30)
    public static let set = DERTag(rawValue: 0x31)
}
