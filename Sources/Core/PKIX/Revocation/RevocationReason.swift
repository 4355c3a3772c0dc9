/// `CRLReason ::= ENUMERATED` (RFC 5280 §5.3.1). The raw value is the ENUMERATED's.
package enum RevocationReason: UInt8, CaseIterable, Sendable {
    case unspecified = 0
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case certificateHold = 6
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aACompromise = 10

    /// The RFC's spelling, as in answers.
    package var name: String {
        switch self {
        case .unspecified: "unspecified"
        case .keyCompromise: "keyCompromise"
        case .cACompromise: "cACompromise"
        case .affiliationChanged: "affiliationChanged"
        case .superseded: "superseded"
        case .cessationOfOperation: "cessationOfOperation"
        case .certificateHold: "certificateHold"
        case .removeFromCRL: "removeFromCRL"
        case .privilegeWithdrawn: "privilegeWithdrawn"
        case .aACompromise: "aACompromise"
        }
    }

    package init?(name: String) {
        guard let found = RevocationReason.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// The reason in an ENUMERATED; nil for 7 and for numbers the RFC does not define.
    package init?(_ element: DERElement) {
        guard element.tag == .enumerated, element.contents.count == 1, let octet = element.contents.first else {
            return nil
        }
        self.init(rawValue: octet)
    }
}
