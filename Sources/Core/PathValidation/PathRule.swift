/// The rules of RFC 5280 §6.1 in the order in which a report lists them.
enum PathRule: CaseIterable {
    case trustAnchor
    case anchorValidity
    case format
    case signature
    case algorithm
    case validity
    case nameChaining
    case nameConstraints
    case policies
    case policyMapping
    case basicConstraints
    case pathLength
    case keyCertSign
    case criticalExtensions
    case explicitPolicy
    case requiredKeyUsage
    case requiredExtendedKeyUsage

    var code: CheckCode {
        switch self {
        case .trustAnchor: .trustAnchor
        case .anchorValidity, .validity: .validityPeriod
        case .format: .certificateFormat
        case .signature: .certificateSignature
        case .algorithm: .algorithm
        case .nameChaining: .nameChaining
        case .nameConstraints: .nameConstraints
        case .policies, .explicitPolicy: .certificatePolicy
        case .policyMapping: .policyMapping
        case .basicConstraints: .basicConstraints
        case .pathLength: .pathLength
        case .keyCertSign, .requiredKeyUsage: .keyUsage
        case .criticalExtensions: .criticalExtensions
        case .requiredExtendedKeyUsage: .extendedKeyUsage
        }
    }

    var clause: String {
        switch self {
        case .trustAnchor: "RFC 5280 §6.1.1 (d)"
        case .anchorValidity: "jpki profile, anchor validity"
        case .format: "RFC 5280 §4.1, §4.2"
        case .signature: "RFC 5280 §6.1.3 (a)(1)"
        case .algorithm: "RFC 5280 §4.1.1.2"
        case .validity: "RFC 5280 §6.1.3 (a)(2)"
        case .nameChaining: "RFC 5280 §6.1.3 (a)(4)"
        case .nameConstraints: "RFC 5280 §6.1.3 (b), (c)"
        case .policies: "RFC 5280 §6.1.3 (d)-(f), RFC 9618 §5.3"
        case .policyMapping: "RFC 5280 §6.1.4 (a), RFC 9618 §5.4"
        case .basicConstraints: "RFC 5280 §6.1.4 (k)"
        case .pathLength: "RFC 5280 §6.1.4 (l), (m)"
        case .keyCertSign: "RFC 5280 §6.1.4 (n)"
        case .criticalExtensions: "RFC 5280 §6.1.4 (o), §6.1.5 (f)"
        case .explicitPolicy: "RFC 5280 §6.1.5 (g), RFC 9618 §5.5"
        case .requiredKeyUsage: "RFC 5280 §4.2.1.3"
        case .requiredExtendedKeyUsage: "RFC 5280 §4.2.1.12"
        }
    }

    /// What a failure of the rule means, in the words of EN 319 102-1.
    var subIndication: SubIndication {
        switch self {
        case .trustAnchor: .noCertificateChainFound
        case .anchorValidity, .validity: .expired
        case .format: .formatFailure
        case .algorithm: .cryptoConstraintsFailure
        case .signature, .nameChaining, .basicConstraints, .pathLength, .keyCertSign, .criticalExtensions:
            .certificateChainGeneralFailure
        case .nameConstraints, .policies, .policyMapping, .explicitPolicy, .requiredKeyUsage,
            .requiredExtendedKeyUsage:
            .chainConstraintsFailure
        }
    }
}

/// The outcomes of the rules on one path. Rules that nothing is noted for have passed.
struct RuleLedger {
    private var entries: [(rule: PathRule, check: Check)] = []
    private(set) var subIndications: [SubIndication] = []
    private let length: Int
    /// Failures are listed up to this many; further ones still fail the path.
    private static let listed = 256

    /// For a path of `length` certificates.
    init(length: Int) {
        self.length = length
        entries.reserveCapacity(8)
    }

    var hasFailures: Bool { !subIndications.isEmpty }
    var count: Int { entries.count }

    /// Notes a rule that does not hold, and for which certificate, counted from the anchor's side.
    /// `detail` names structure and times only.
    mutating func fail(
        _ rule: PathRule,
        at place: Int? = nil,
        _ detail: @autoclosure () -> String,
        as indication: SubIndication? = nil
    ) {
        let indication = indication ?? rule.subIndication
        if !subIndications.contains(indication) { subIndications.append(indication) }
        note(rule, .failed, at: place, detail())
    }

    /// Notes a rule that was not tried, or does not apply.
    mutating func note(
        _ rule: PathRule,
        _ outcome: Check.Outcome,
        at place: Int? = nil,
        _ detail: @autoclosure () -> String?
    ) {
        guard entries.count < RuleLedger.listed else { return }
        var text = detail()
        if let place { text = "certificate \(place) of \(length): \(text ?? "")" }
        entries.append((rule, Check(rule.code, outcome, clause: rule.clause, detail: text)))
    }

    /// Every rule, once when it passed, else each of its entries.
    var checks: [Check] {
        var checks: [Check] = []
        checks.reserveCapacity(PathRule.allCases.count + entries.count)
        for rule in PathRule.allCases {
            let own = entries.lazy.filter { $0.rule == rule }
            let before = checks.count
            for entry in own { checks.append(entry.check) }
            if checks.count == before { checks.append(Check(rule.code, .passed, clause: rule.clause)) }
        }
        return checks
    }
}
