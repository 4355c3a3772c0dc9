import CounterApplications

/// What a scanner reads or a clerk types: an accepted code comes back from its text, however it was written, and with
/// one symbol wrong, or two exchanged, it is none.
enum PaperCodeTarget {
    static func run(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        guard let code = PaperCode(text) else { return }
        hold(text.utf8.count <= 128, "a code has a length")
        hold(PaperCode(code.text) == code, "a code comes back from its text")
        switch code {
        case .receipt(let number):
            hold(ReceptionNumber(typed: number.printed) == number, "a reception number comes back as it is printed")
            neighbours(of: number.rawValue) { ReceptionNumber(typed: $0) != nil }
        case .certifiedCopy(let number):
            hold(ControlNumber(typed: number.printed) == number, "a control number comes back as it is printed")
            neighbours(of: number.rawValue) { ControlNumber(typed: $0) != nil }
        }
    }

    private static func neighbours(of code: String, _ isAccepted: (String) -> Bool) {
        let (symbols, alphabet) = (Array(code), Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
        for place in symbols.indices {
            for symbol in alphabet where symbol != symbols[place] {
                var other = symbols
                other[place] = symbol
                hold(!isAccepted(String(other)), "one wrong symbol is seen")
            }
            for second in symbols.indices where symbols[second] != symbols[place] {
                var other = symbols
                other.swapAt(place, second)
                hold(!isAccepted(String(other)), "two exchanged symbols are seen")
            }
        }
    }
}
