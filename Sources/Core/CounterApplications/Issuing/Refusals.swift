/// Why a municipality's register does not serve somebody at the terminal. For staff alone: no answer to a terminal and
/// nothing on its page tells one from another, since whoever stands beside a 支援措置対象者 reads it too.
package enum ResidentRefusal: String, CaseIterable, Hashable, Sendable, Codable {
    /// The certificate's 発行番号 is not linked to an entry yet: renewed, reissued, a telephone, the first use.
    case notLinked = "not_linked"
    case movedOut = "moved_out"
    case deceased
    /// 支援措置対象者: only after staff have looked.
    case protectedPerson = "protected_person"
    /// Anything else that needs a person at the counter.
    case needsCounter = "needs_counter"
}

/// Why an issuer will not issue. For staff alone, as ``ResidentRefusal``.
package enum IssuerRefusal: String, CaseIterable, Hashable, Sendable, Codable {
    /// No such entry for this resident: no seal registered, no register of this family here.
    case noEntry = "no_entry"
    /// The entry is being changed, or locked.
    case entryLocked = "entry_locked"
    case protectedPerson = "protected_person"
    /// The options do not go with the entry.
    case orderNotAccepted = "order_not_accepted"
    /// Too long for the form (文字数が上限超).
    case entryTooLarge = "entry_too_large"
    /// The request itself was not understood or not allowed.
    case requestNotAccepted = "request_not_accepted"
}

/// Why an application is nobody's: no applicant was found for it.
package enum IdentificationRefusal: Hashable, Sendable, Codable {
    /// The certificate is invalid, or nothing could be found out; the verification says which.
    case notVerified
    /// Not a certificate for identification at the counter.
    case wrongCertificate
    case resident(ResidentRefusal)
    /// The register could not be asked.
    case registerUnavailable

    /// For staff and the audit trail.
    package var code: String {
        switch self {
        case .notVerified: "not_verified"
        case .wrongCertificate: "wrong_certificate"
        case .resident(let refusal): refusal.rawValue
        case .registerUnavailable: "register_unavailable"
        }
    }

    /// For terminals: what the register says of somebody is one code, whatever it is.
    package var publicCode: String {
        switch self {
        case .resident: Voiding.needsCounter
        case .notVerified, .wrongCertificate, .registerUnavailable: code
        }
    }

    package static let allCases: [IdentificationRefusal] =
        [.notVerified, .wrongCertificate, .registerUnavailable] + ResidentRefusal.allCases.map { .resident($0) }

    package init(from decoder: any Decoder) throws {
        let code = try decoder.singleValueContainer().decode(String.self)
        guard let known = IdentificationRefusal.allCases.first(where: { $0.code == code }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a refusal of an identification"))
        }
        self = known
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
