package import HTTPSupport
package import TerminalSession
package import WireFormat

/// How name and address come onto a form.
package enum FormWay: String, Hashable, CaseIterable, Sendable {
    case signature
    case cardText = "card_text"
    case typed
}

/// A step of 書かない窓口 beyond those of the card.
package enum FormStep: Hashable, Sendable {
    /// The platform has not yet said which forms there are; unreached, it was asked and did not answer.
    case loading(unreached: Bool = false)
    case choosing([FormTemplateBody])
    case way(FormTemplateBody)
    /// Name and address are typed, by whomever.
    case typing(FormTemplateBody, TypedPerson, faults: [String: String])
    /// What is not on the card.
    case filling(FormTemplateBody, FormBody, [String: FormInput], faults: [String: String])
    /// The whole form once more, before it is printed.
    case checking(FormTemplateBody, FormBody)
    case printing
    case printed
    /// The printer did not take it: nothing came out.
    case notPrinted
    /// Nobody said what became of it: it may lie in the tray.
    case perhapsPrinted
    /// 窓口でご案内します: the reason, and the platform's or the catalogue's sentence for it, are the clerk's alone.
    case atTheWindow(code: String, staff: String?)

    /// Whether it belongs to one person.
    var isPersonal: Bool {
        switch self {
        case .loading, .choosing: false
        default: true
        }
    }
}

/// What a person answers on a form's page.
package enum FormPageAnswer: Hashable, Sendable {
    case form(String)
    case way(FormWay)
    case typed(TypedPerson)
    /// The fields as the page sent them; which ones there are the form says.
    case values(FormFields)
    case print
    /// With what stood on the page: whoever goes back does not type it again.
    case back(kept: FormFields)

    /// Reads what the page sent; nil when it is none of its forms.
    package init?(_ fields: FormFields) {
        switch fields["step"] {
        case "form" where (1...64).contains(fields["form"].utf8.count): self = .form(fields["form"])
        case "form-way":
            guard let way = FormWay(rawValue: fields["way"]) else { return nil }
            self = .way(way)
        case "form-typed":
            self = .typed(TypedPerson(fields))
        case "form-values": self = .values(fields)
        case "form-print": self = .print
        case "form-back": self = .back(kept: fields)
        default: return nil
        }
    }
}

extension TypedPerson {
    /// The fields of the page on which name and address are typed.
    init(_ fields: FormFields) {
        self.init(
            name: fields.trimmed("name"), address: fields.trimmed("address"), birthDate: fields.trimmed("birthdate"),
            document: fields["document"])
    }
}

extension FormTemplateBody {
    /// What the page asks for.
    var entered: [Field] { fields.filter { $0.source == "entered" } }

    /// The values of a page's fields: `f.NAME` for a field, `g.GROUP` for the one mark of a group.
    func inputs(_ fields: FormFields) -> [String: FormInput] {
        var inputs: [String: FormInput] = [:]
        for field in entered {
            if let group = field.group {
                if fields["g.\(group)"] == field.name { inputs[field.name] = .checked }
            } else if field.kind == "check" {
                if fields["f.\(field.name)"] == "on" { inputs[field.name] = .checked }
            } else {
                let text = fields.trimmed("f.\(field.name)")
                if !text.isEmpty { inputs[field.name] = .text(text) }
            }
        }
        return inputs
    }
}
