internal import Synchronization

/// What an issuing server does wrong when it is told to.
package enum IssuingFault: Hashable, Sendable {
    /// Every certificate takes so many milliseconds longer.
    case slow(milliseconds: Int)
    /// Certificates wait until the fault is cleared.
    case held
    /// Connections are taken and nothing is answered.
    case hanging
    /// 500 without a problem document.
    case failing
    /// Prints somebody else's entry, and says whose.
    case wrongPerson
    /// Prints somebody else's entry, and says that it is the right one's.
    case wrongPersonUndeclared
    /// Two requests at a time get one another's answers.
    case swapped
    /// Gives the answer of the request before once more.
    case duplicate
    /// Prints another control number than the request's.
    case wrongControlNumber
    /// Gives two thirds of the PDF, with their digest.
    case truncatedPDF
    /// Waits for a request to be cancelled, and issues it all the same.
    case answerAfterCancel
    /// Leaves out the foot.
    case missingFoot
    /// Says one page more than there are.
    case wrongPageCount

    package static let names = [
        "slow", "held", "hanging", "failing", "wrong_person", "wrong_person_undeclared", "swapped", "duplicate",
        "wrong_control_number", "truncated_pdf", "answer_after_cancel", "missing_foot", "wrong_page_count",
    ]

    /// nil for a word that is none of ``names``.
    package init?(name: String, milliseconds: Int?) {
        switch name {
        case "slow": self = .slow(milliseconds: min(max(milliseconds ?? 3_000, 0), 600_000))
        case "held": self = .held
        case "hanging": self = .hanging
        case "failing": self = .failing
        case "wrong_person": self = .wrongPerson
        case "wrong_person_undeclared": self = .wrongPersonUndeclared
        case "swapped": self = .swapped
        case "duplicate": self = .duplicate
        case "wrong_control_number": self = .wrongControlNumber
        case "truncated_pdf": self = .truncatedPDF
        case "answer_after_cancel": self = .answerAfterCancel
        case "missing_foot": self = .missingFoot
        case "wrong_page_count": self = .wrongPageCount
        default: return nil
        }
    }
}

/// The fault in force, and for how many certificates it still is. Thread-safe.
package final class IssuingFaultBoard: Sendable {
    private struct State {
        var fault: IssuingFault?
        /// nil until it is cleared.
        var times: Int?
    }

    private let state = Mutex(State())

    package func set(_ fault: IssuingFault, times: Int? = nil) {
        state.withLock { $0 = State(fault: fault, times: times) }
    }

    package func clear() { state.withLock { $0 = State() } }

    package var current: IssuingFault? { state.withLock { $0.fault } }

    /// The fault for one certificate, counted.
    func take() -> IssuingFault? {
        state.withLock { state in
            guard let fault = state.fault else { return nil }
            if let times = state.times {
                state.times = times - 1
                if times <= 1 { state = State() }
            }
            return fault
        }
    }
}
