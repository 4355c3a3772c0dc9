/// A request or an answer of the Internet Printing Protocol (RFC 8010 §3.1), without the document behind it.
struct IPPMessage: Hashable, Sendable {
    /// 2.0, which CUPS and every IPP Everywhere printer speak.
    static let version: UInt16 = 0x0200

    /// The operation of a request (RFC 8011 §5.4.15), the status of an answer (appendix B).
    var code: UInt16
    var requestID: Int32
    var groups: [IPPGroup]

    /// The first value of an attribute in any group of this kind.
    func value(_ name: String, in kind: IPPGroup.Kind) -> IPPValue? {
        groups.lazy.filter { $0.kind == kind }.compactMap { $0[name]?.first }.first
    }

    func values(_ name: String, in kind: IPPGroup.Kind) -> [IPPValue] {
        groups.first { $0.kind == kind && $0[name] != nil }?[name] ?? []
    }
}

/// Attributes of one thing.
struct IPPGroup: Hashable, Sendable {
    /// The delimiter tags (RFC 8010 §3.5.1).
    enum Kind: UInt8, Hashable, Sendable {
        case operation = 0x01
        case job = 0x02
        case printer = 0x04
        case unsupported = 0x05
        /// Any other, which is read over.
        case other = 0x0F
    }

    var kind: Kind
    var attributes: [IPPAttribute]

    subscript(name: String) -> [IPPValue]? { attributes.first { $0.name == name }?.values }
}

struct IPPAttribute: Hashable, Sendable {
    var name: String
    var values: [IPPValue]

    init(_ name: String, _ values: IPPValue...) { (self.name, self.values) = (name, values) }
}

indirect enum IPPValue: Hashable, Sendable {
    case integer(Int32)
    case enumeration(Int32)
    case boolean(Bool)
    /// Words of the protocol (RFC 8011 §5.1.4).
    case keyword(String)
    case name(String)
    case uri(String)
    case charset(String)
    case language(String)
    case mediaType(String)
    case collection([IPPAttribute])
    /// Anything else; the octets are not looked at.
    case other(tag: UInt8)

    var number: Int? {
        switch self {
        case .integer(let value), .enumeration(let value): Int(value)
        default: nil
        }
    }

    var text: String? {
        switch self {
        case .keyword(let text), .name(let text), .uri(let text): text
        default: nil
        }
    }
}
