package import TerminalSession

/// A step of an application (窓口申請) beyond those of the identification.
package enum CounterStep: Hashable, Sendable {
    /// The centre has not yet said what can be asked for.
    case loading
    case choosing([CounterOffer])
    /// Copies, and what the certificate shows.
    case options(CounterOffer, CounterChoice)
    /// Who of the household stands on the certificate (世帯の一部): after the card, since only then it is known whose
    /// household it is.
    case members([CounterMember])
    /// What was chosen, once more and with its fee, before anything leaves; with the names of who was selected.
    case confirming(CounterOffer, CounterChoice, names: [String], fee: Int)
    case progress(CounterProgress)
    /// The papers are on their way, but a printer keeps them waiting: whoever stands there need not go on standing.
    case late
    /// 受付票 lies in the printer: whoever holds it is called.
    case receipt(number: String, notice: CounterNotice?)
    /// 窓口でご案内します: the reason is the clerk's alone.
    case atTheWindow(code: String)

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

/// What a resident should know beside the number.
package enum CounterNotice: String, Hashable, Sendable {
    /// 縮退運転
    case degraded
}

/// What a resident answers on the page.
package enum CounterAnswer: Hashable, Sendable {
    case procedure(String)
    case choice(scope: String, details: Set<String>, fiscalYear: Int?, copies: Int)
    /// Ids of members of the household.
    case members([String])
    case confirmed
    /// One screen back.
    case back
}
