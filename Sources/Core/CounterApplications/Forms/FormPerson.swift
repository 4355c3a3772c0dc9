/// Who a form is for, as one source says. Held for as long as one request takes, and stored nowhere.
package struct FormPerson: Hashable, Sendable, Codable {
    package enum Source: String, CaseIterable, Hashable, Sendable, Codable {
        /// The attributes of a 署名用 certificate whose signature and status were verified.
        case signature
        /// 券面事項入力補助 of the card: whoever holds the card and its number can read it. No status was asked for.
        case cardText = "card_text"
        /// Typed, by whomever: nothing was verified.
        case typed
    }

    package enum Gender: String, CaseIterable, Hashable, Sendable, Codable {
        case male
        case female
    }

    /// What the card's own signature over its text says.
    package enum CardProof: String, CaseIterable, Hashable, Sendable, Codable {
        case proven
        /// The signature holds; who certified the signer could not be checked.
        case issuerUnchecked = "issuer_unchecked"
    }

    /// The document that was named for what was typed.
    package enum Document: String, CaseIterable, Hashable, Sendable, Codable {
        case drivingLicence = "driving_licence"
        case residenceCard = "residence_card"
        case passport
        case other
    }

    /// Who compared what was typed with the document.
    package enum DocumentCheck: String, CaseIterable, Hashable, Sendable, Codable {
        /// Nobody yet: a terminal does not know who types, nor whether there is a document.
        case unchecked
        /// Staff, as the client says that asks.
        case byStaff = "staff"
    }

    /// An attribute in which the certificate itself marks 代替文字.
    package enum Attribute: String, CaseIterable, Hashable, Sendable, Codable {
        case name
        case address
    }

    package let source: Source
    package var name: String?
    package var address: String?
    package var birthDate: BirthDate?
    package var gender: Gender?
    package var cardProof: CardProof?
    /// Nil when none was named.
    package var document: Document?
    /// Of ``Source/typed`` alone.
    package var documentCheck: DocumentCheck?
    package var substitutedIn: [Attribute] = []

    package init(
        _ source: Source, name: String?, address: String?, birthDate: BirthDate?, gender: Gender?,
        cardProof: CardProof? = nil, document: Document? = nil, documentCheck: DocumentCheck? = nil,
        substitutedIn: [Attribute] = []
    ) {
        (self.source, self.name, self.address, self.birthDate) = (source, name, address, birthDate)
        (self.gender, self.cardProof, self.document) = (gender, cardProof, document)
        self.documentCheck = source == .typed ? documentCheck ?? .unchecked : nil
        self.substitutedIn = substitutedIn
    }

    /// What the form itself says of how it came about.
    var basis: FormBasis {
        switch (source, documentCheck) {
        case (.signature, _): .signature
        case (.cardText, _): .cardText
        case (.typed, .byStaff): .typedByStaff
        case (.typed, _): .typed
        }
    }

    /// What goes into a field of this source; nil when this person has none.
    func value(_ source: FormSource) -> FormValue? {
        switch source {
        case .name: name.map { .text($0) }
        case .address: address.map { .text($0) }
        case .birthDate: birthDate.map { .date($0) }
        case .gender(let wanted): gender == wanted ? .checked : nil
        case .basis: .basis(basis)
        case .entered, .today, .substitutions: nil
        }
    }
}

extension BirthDate {
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; nil for anything else, also for a date that the calendar does not have.
    package init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let widths = parts.map(\.utf8.count)
        guard [[4], [4, 2], [4, 2, 2]].contains(widths),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, let year = numbers.first else { return nil }
        self.init(
            year: year, month: numbers.count > 1 ? numbers[1] : nil, day: numbers.count > 2 ? numbers[2] : nil)
    }

    /// As ``init(text:)`` reads it.
    package var text: String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return ([padded(year, 4)] + [month, day].compactMap { $0.map { padded($0, 2) } }).joined(separator: "-")
    }
}
