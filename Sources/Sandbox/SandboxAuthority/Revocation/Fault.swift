package import JPKIProfile
import Synchronization

/// What can be made wrong with a responder or a list.
package enum Fault: Hashable, Sendable {
    /// The connection is closed without an answer.
    case down
    /// The right answer, late.
    case slow(milliseconds: Int)
    /// Signed by a key that is not the one the answer names.
    case wrongKey
    /// The right answer of some days ago: past its nextUpdate.
    case stale
    /// The first half of the right answer.
    case malformed
    /// OCSP: signed by a certificate of the authority that may not sign responses. Lists: HTTP 403.
    case unauthorised
    /// OCSP: the status `tryLater`. Lists: HTTP 503.
    case tryLater

    /// The longest delay, milliseconds.
    package static let longestDelay = 120_000

    /// The word for this fault: `down`, `slow`, `wrong_key` and so on.
    package var name: String {
        switch self {
        case .down: "down"
        case .slow: "slow"
        case .wrongKey: "wrong_key"
        case .stale: "stale"
        case .malformed: "malformed"
        case .unauthorised: "unauthorised"
        case .tryLater: "try_later"
        }
    }

    package static let names = ["down", "slow", "wrong_key", "stale", "malformed", "unauthorised", "try_later"]

    /// - Parameter milliseconds: for `slow` alone.
    package init?(name: String, milliseconds: Int?) {
        switch name {
        case "down": self = .down
        case "slow":
            guard let milliseconds, (0...Fault.longestDelay).contains(milliseconds) else { return nil }
            self = .slow(milliseconds: milliseconds)
        case "wrong_key": self = .wrongKey
        case "stale": self = .stale
        case "malformed": self = .malformed
        case "unauthorised": self = .unauthorised
        case "try_later": self = .tryLater
        default: return nil
        }
    }
}

/// What a fault applies to.
package enum FaultTarget: Hashable, Sendable {
    case responder(CertificateKind.Medium)
    case list(id: String)
    /// Every list that has no fault of its own.
    case everyList

    /// `ocsp/card`, `ocsp/smartphone`, `crl`, or `crl/` and a list's id.
    package var text: String {
        switch self {
        case .responder(.card): "ocsp/card"
        case .responder(.smartphone): "ocsp/smartphone"
        case .everyList: "crl"
        case .list(let id): "crl/\(id)"
        }
    }

    /// What ``init(_:)`` takes.
    static let forms = ["ocsp/card", "ocsp/smartphone", "crl", "crl/{list id}"]

    package init?(_ text: String) {
        switch text {
        case "ocsp/card": self = .responder(.card)
        case "ocsp/smartphone": self = .responder(.smartphone)
        case "crl": self = .everyList
        default:
            guard text.hasPrefix("crl/"), text.utf8.count > 4 else { return nil }
            self = .list(id: String(text.dropFirst(4)))
        }
    }
}

/// The faults that are set now, at most one for each target. Thread-safe.
package final class FaultBoard: Sendable {
    private let faults = Mutex<[FaultTarget: Fault]>([:])

    /// The fault that applies to `target`: its own, else the one on every list.
    package func fault(on target: FaultTarget) -> Fault? {
        faults.withLock { faults in
            if let own = faults[target] { return own }
            if case .list = target { return faults[.everyList] }
            return nil
        }
    }

    package func set(_ fault: Fault, on target: FaultTarget) { faults.withLock { $0[target] = fault } }

    package func clear(_ target: FaultTarget) { faults.withLock { $0[target] = nil } }

    package func clearAll() { faults.withLock { $0 = [:] } }

    package var all: [FaultTarget: Fault] { faults.withLock { $0 } }
}
