package import TerminalSession

/// A step of an application (窓口申請) beyond those of the identification.
package enum CounterStep: Hashable, Sendable {
    /// The centre has not yet said what can be asked for; unreached, it was asked and did not answer.
    case loading(unreached: Bool = false)
    case choosing([CounterOffer])
    /// Copies, and what the certificate shows.
    case options(CounterOffer, CounterChoice)
    /// Who of the household stands on the certificate (世帯の一部): after the card, since only then it is known whose
    /// household it is.
    case members([CounterMember])
    /// What was chosen, once more and with its fee, before anything leaves; with the names of who was selected.
    case confirming(CounterOffer, CounterChoice, names: [String], fee: Int)
    case progress(CounterProgress)
    /// The papers may be on their way, but something keeps them waiting: whoever stands there need not go on standing.
    ///
    /// - Parameter number: 受付番号, once it is known.
    case late(CounterDelay, number: String?)
    /// 受付票 lies in the printer: whoever holds it is called.
    case receipt(number: String, notice: CounterNotice?)
    /// 窓口でご案内します.
    case atTheWindow(CounterEnd)

    /// Whether it belongs to one person.
    var isPersonal: Bool {
        switch self {
        case .loading, .choosing: false
        default: true
        }
    }
}

/// How far the centre is.
package enum CounterProgress: String, Hashable, CaseIterable, Sendable {
    case sending
    case issuing
    case printing

    /// - Parameter state: of the application.
    init(state: String) {
        switch state {
        case "issued", "printing": self = .printing
        case "requested": self = .issuing
        default: self = .sending
        }
    }
}

/// Why there are no papers yet after an order. Never a reason to say that nothing was made.
package enum CounterDelay: String, Hashable, CaseIterable, Sendable {
    /// A printer takes its time.
    case printer
    /// The centre has the order, and does not answer now.
    case line
    /// The centre may have the order: its answer did not come.
    case unsure
}

/// An application that ended without papers for the resident, as the page may show it to whoever stands there.
///
/// Everything that a register knows of a person is one code here; the clerk finds the reason by ``number``.
package struct CounterEnd: Hashable, Sendable {
    /// What became of the papers.
    package enum Papers: Hashable, Sendable {
        case none
        /// Staff took the application back: something may have been printed.
        case maybe
    }

    /// A code of the API or of the page; chooses the sentence and is not shown.
    package let code: String
    /// The platform's own sentence for staff, where it gave one.
    package let staff: String?
    /// 受付番号; nil when the centre could not be asked for it.
    package let number: String?

    package init(code: String, staff: String? = nil, number: String? = nil) {
        (self.code, self.staff, self.number) = (code, staff, number)
    }

    /// Before the release of the papers anybody ends an application, afterwards staff alone.
    package var papers: Papers {
        ["staff_cancelled", "spoilt", "not_collected"].contains(code) ? .maybe : .none
    }
}

/// What a resident should know beside the number.
package enum CounterNotice: String, Hashable, Sendable {
    /// 縮退運転
    case degraded
}

/// What a resident answers on the page.
package enum CounterAnswer: Hashable, Sendable {
    case procedure(String)
    case choice(scope: String, details: Set<String>, fiscalYear: Int?, copies: Int, exemption: String? = nil)
    /// Ids of members of the household.
    case members([String])
    case confirmed
    /// One screen back.
    case back
}
