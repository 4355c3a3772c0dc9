/// SW1 SW2 of an answer (ISO/IEC 7816-4 §5.6), as far as JPKI cards use them.
///
/// Both octets are decoded before anything is concluded: only 63Cx carries a number of tries.
package enum StatusWord: Hashable, Sendable {
    /// 9000
    case success
    /// 61xx: this many octets more wait; 0 for 256 and more.
    case moreData(Int)
    /// 6282: the file ended before the wanted length.
    case endOfFile
    /// 63C1 to 63CF: a wrong PIN, or the answer to a VERIFY without one.
    case triesLeft(Int)
    /// 6300: wrong, and the card does not count.
    case wrongWithoutLimit
    /// 63C0, 6983 or 6984: the PIN takes no more tries.
    case pinBlocked
    /// 6700
    case wrongLength
    /// 6982
    case securityStatusNotSatisfied
    /// 6985
    case conditionsNotSatisfied
    /// 6A80
    case wrongData
    /// 6A82, 6A83 or 6A88: no such application, file, record or PIN.
    case notFound
    /// 6A86 or 6B00
    case wrongParameters
    /// 6Cxx: the same command again with this expected length; 0 for 256.
    case wrongExpectedLength(Int)
    /// 6D00 or 6E00
    case notSupported
    /// Any other.
    case other(UInt16)

    package init(_ first: UInt8, _ second: UInt8) {
        let word = UInt16(first) << 8 | UInt16(second)
        switch (first, second) {
        case (0x90, 0x00): self = .success
        case (0x61, _): self = .moreData(Int(second))
        case (0x62, 0x82): self = .endOfFile
        case (0x63, 0xC0), (0x69, 0x83), (0x69, 0x84): self = .pinBlocked
        case (0x63, 0xC1...0xCF): self = .triesLeft(Int(second & 0x0F))
        case (0x63, 0x00): self = .wrongWithoutLimit
        case (0x67, 0x00): self = .wrongLength
        case (0x69, 0x82): self = .securityStatusNotSatisfied
        case (0x69, 0x85): self = .conditionsNotSatisfied
        case (0x6A, 0x80): self = .wrongData
        case (0x6A, 0x82), (0x6A, 0x83), (0x6A, 0x88): self = .notFound
        case (0x6A, 0x86), (0x6B, 0x00): self = .wrongParameters
        case (0x6C, _): self = .wrongExpectedLength(Int(second))
        case (0x6D, 0x00), (0x6E, 0x00): self = .notSupported
        default: self = .other(word)
        }
    }

    /// A word for logs and JSON: structure alone, nothing of the card's data.
    package var name: String {
        switch self {
        case .success: "success"
        case .moreData: "more_data"
        case .endOfFile: "end_of_file"
        case .triesLeft: "tries_left"
        case .wrongWithoutLimit: "wrong_without_limit"
        case .pinBlocked: "pin_blocked"
        case .wrongLength: "wrong_length"
        case .securityStatusNotSatisfied: "security_status_not_satisfied"
        case .conditionsNotSatisfied: "conditions_not_satisfied"
        case .wrongData: "wrong_data"
        case .notFound: "not_found"
        case .wrongParameters: "wrong_parameters"
        case .wrongExpectedLength: "wrong_expected_length"
        case .notSupported: "not_supported"
        case .other(let word): "sw_" + String(word, radix: 16)
        }
    }
}
