/// A form of 書かない窓口 as those see it who fill it in: which fields it has and where each one's value comes from.
package struct FormOutline: Hashable, Sendable {
    package let id: String
    /// By language; `ja` is always there.
    package let names: [String: String]
    package let groups: [FormGroup]
    /// In the order in which they are asked for.
    package let fields: [FormField]

    package init(id: String, names: [String: String], groups: [FormGroup], fields: [FormField]) {
        (self.id, self.names, self.groups, self.fields) = (id, names, groups, fields)
    }
}

/// Whether a form is complete without something.
package enum FormNeed: String, CaseIterable, Hashable, Sendable {
    case required
    case optional
}

/// Marks of which one at most is set.
package struct FormGroup: Hashable, Sendable {
    package let id: String
    /// By language; `ja` is always there.
    package let labels: [String: String]
    package let need: FormNeed

    package init(id: String, labels: [String: String], need: FormNeed) {
        (self.id, self.labels, self.need) = (id, labels, need)
    }
}

/// One place of a form.
package struct FormField: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case text
        /// Written in 和暦.
        case date
        case check
    }

    package let name: String
    package let kind: Kind
    /// By language; `ja` is always there.
    package let labels: [String: String]
    package let source: FormSource
    package let need: FormNeed
    /// The group of a mark; nil for one that stands alone.
    package let group: String?
    /// Characters of the longest text.
    package let longest: Int

    package init(
        name: String, kind: Kind, labels: [String: String], source: FormSource = .entered, need: FormNeed = .optional,
        group: String? = nil, longest: Int = FormField.longestText
    ) {
        (self.name, self.kind, self.labels, self.source) = (name, kind, labels, source)
        (self.need, self.group, self.longest) = (need, group, longest)
    }

    /// As long as the longest address of a certificate.
    package static let longestText = 200
}

/// Where a field's value comes from.
package enum FormSource: Hashable, Sendable {
    /// The resident, on the screen.
    case entered
    case name
    case address
    case birthDate
    /// A mark that is set for persons of this sex.
    case gender(FormPerson.Gender)
    /// The day that it is in Japan.
    case today
    /// How name and address came onto the form, in words.
    case basis
    /// Which characters are not drawn as they are written (代替文字), in words; empty when all are.
    case substitutions

    package static let allCases: [FormSource] =
        [.entered, .name, .address, .birthDate] + FormPerson.Gender.allCases.map { .gender($0) }
        + [.today, .basis, .substitutions]

    /// The word in field maps and in JSON.
    package var word: String {
        switch self {
        case .entered: "entered"
        case .name: "name"
        case .address: "address"
        case .birthDate: "birthdate"
        case .gender(let gender): "gender_\(gender.rawValue)"
        case .today: "today"
        case .basis: "basis"
        case .substitutions: "substitutions"
        }
    }

    package init?(word: String) {
        guard let found = FormSource.allCases.first(where: { $0.word == word }) else { return nil }
        self = found
    }

    /// The kind of field that such a value can go into; nil when any can take it.
    package var kind: FormField.Kind? {
        switch self {
        case .entered: nil
        case .name, .address, .basis, .substitutions: .text
        case .birthDate, .today: .date
        case .gender: .check
        }
    }
}

/// What goes into a field.
package enum FormValue: Hashable, Sendable {
    case text(String)
    /// Written in 和暦.
    case date(BirthDate)
    case checked
    /// How name and address came onto the form.
    case basis(FormBasis)
}

/// How name and address came onto a form, as the form itself says.
package enum FormBasis: String, CaseIterable, Hashable, Sendable {
    case signature
    case cardText = "card_text"
    /// Typed, and compared with no document yet: the form has a place for who does.
    case typed
    case typedByStaff = "typed_by_staff"
}
