/// 性別 as the certificate writes it.
package struct Gender: Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case male = "1"
        case female = "2"
        case unknown = "3"
    }

    package let raw: String
    /// Nil for a code that the profile does not have.
    package let code: Code?

    package init(raw: String) {
        self.raw = raw
        code = Code(rawValue: raw)
    }

    /// OpenID Connect's word; nil when the sex is unknown or the code is.
    package var claim: String? {
        switch code {
        case .male: "male"
        case .female: "female"
        case .unknown, nil: nil
        }
    }
}
