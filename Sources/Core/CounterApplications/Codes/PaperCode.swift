/// The code on a paper: what a scanner reads or a clerk types at the hand-over.
package enum PaperCode: Hashable, Sendable {
    /// Of a 受付票.
    case receipt(ReceptionNumber)
    /// Of a certificate's set of pages.
    case certifiedCopy(ControlNumber)

    /// The text of the QR code: `AKASHI1:R:K7M29PQX`, `AKASHI1:C:…`.
    package var text: String {
        switch self {
        case .receipt(let number): "AKASHI1:R:" + number.rawValue
        case .certifiedCopy(let number): "AKASHI1:C:" + number.rawValue
        }
    }

    /// One parser for scanner and keyboard: the text of the QR code, or the number alone, which its length tells.
    ///
    /// Nil for anything else; at most 128 octets are looked at.
    package init?(_ text: String) {
        guard text.utf8.count <= 128 else { return nil }
        let text = PaperCode.withoutBlankEnds(PaperCode.narrow(text))
        let upper = text.uppercased()
        if upper.hasPrefix("AKASHI1:R:") {
            guard let number = ReceptionNumber(typed: String(text.dropFirst(10))) else { return nil }
            self = .receipt(number)
        } else if upper.hasPrefix("AKASHI1:C:") {
            guard let number = ControlNumber(typed: String(text.dropFirst(10))) else { return nil }
            self = .certifiedCopy(number)
        } else if let number = ReceptionNumber(typed: text) {
            self = .receipt(number)
        } else if let number = ControlNumber(typed: text) {
            self = .certifiedCopy(number)
        } else {
            return nil
        }
    }

    /// What a keyboard in Japanese entry makes of a code: `Ｋ７Ｍ２－９ＰＱＸ`, `ー` for the hyphen.
    private static func narrow(_ text: String) -> String {
        var narrow = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: narrow.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x30FC, 0x2010...0x2015, 0x2212: narrow.append("-")
            case 0x3000: narrow.append(" ")
            default: narrow.append(scalar)
            }
        }
        return String(narrow)
    }

    /// A scanner ends with a line feed or a tab.
    private static func withoutBlankEnds(_ text: String) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
