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
        let text = PaperCode.withoutBlankEnds(text)
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

    /// A scanner ends with a line feed or a tab.
    private static func withoutBlankEnds(_ text: String) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
