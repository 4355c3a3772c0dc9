package import CounterApplications
package import PKIX
package import Verification

/// A form to be filled in: `POST /v1/forms/render`.
package struct FormRequest: Sendable {
    package enum Output: String, CaseIterable, Hashable, Sendable {
        /// What would stand on the form, to be looked over; no paper.
        case preview
        /// The PDF, in the answer and nowhere else.
        case document
        /// Printed at the terminal's site.
        case print
    }

    /// Whose form it is, and how that is known.
    package enum Evidence: Sendable {
        /// A 署名用 signature over a challenge; it is verified as any other.
        case signature(VerificationRequest)
        /// What an earlier answer to the same terminal gave for its verified signature.
        case ticket([UInt8])
        /// Files 0002, 0003 and 0004 of 券面事項入力補助, as the card gave them.
        case cardText(record: [UInt8], signature: [UInt8], certificate: [UInt8])
        /// By whomever; whether staff looked at a document is in it.
        case typed(FormPerson)
    }

    package let templateID: String
    package let evidence: Evidence
    package let entries: [String: FormEntry]
    package let output: Output

    package init(templateID: String, evidence: Evidence, entries: [String: FormEntry], output: Output) {
        (self.templateID, self.evidence, self.entries, self.output) = (templateID, evidence, entries, output)
    }
}

/// The answer, given once and kept nowhere.
package struct FormAnswer: Sendable {
    package enum Outcome: Sendable {
        case filled(Filled)
        /// The signature does not stand, or could not be judged: nothing is filled in.
        case notVerified
        /// The certificate has no attributes: it is none of 署名用.
        case noAttributes
    }

    package struct Filled: Sendable {
        package let person: FormPerson
        package let values: [String: FormValue]
        package let form: FilledForm
        /// Fields and groups that are still to be filled in.
        package let missing: [String]
        /// For further forms of this person, from this terminal, until ``ticketExpiresAt``; of a signature alone.
        package let ticket: [UInt8]?
        package let ticketExpiresAt: ValidationTime?
    }

    /// `frm_…`
    package let id: String
    package let outline: FormOutline
    package let output: FormRequest.Output
    package let outcome: Outcome
    /// Of a signature.
    package let verification: VerificationOutcome?
}

/// Why a form was not filled in.
package enum FormError: Error, Hashable, Sendable {
    case scopeMissing
    /// The municipality has no forms.
    case notServed
    case unknownTemplate
    /// What was entered, or typed of the person.
    case entries([FormFault])
    /// What a certificate or a card says does not go onto the form.
    case person([FormFault])
    /// The card's text is not what the card's signature covers.
    case cardTextRefused
    case ticketExpired
    /// The site has no printer for forms.
    case noPrinter
    /// Certainly nothing was printed.
    case printerUnavailable
    /// The release was not answered, and the queue does not say what became of it: the form may lie in the tray.
    case printOutcomeUnknown
    case verification(ServiceError)
    case serviceNotReady

    /// Stands on the audit trail.
    var code: String {
        switch self {
        case .scopeMissing: "scope_missing"
        case .notServed, .unknownTemplate: "not_found"
        case .entries: "invalid_argument"
        case .person: "form_does_not_fit"
        case .cardTextRefused: "card_text_refused"
        case .ticketExpired: "form_ticket_expired"
        case .noPrinter: "form_no_printer"
        case .printerUnavailable: "printer_unavailable"
        case .printOutcomeUnknown: "print_outcome_unknown"
        case .verification(let error): error.rawValue
        case .serviceNotReady: "service_not_ready"
        }
    }
}
