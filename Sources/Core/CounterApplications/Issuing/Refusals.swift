/// Why a municipality's register does not serve somebody at the terminal. The resident is told one neutral sentence
/// for all of them; staff see the code.
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

/// Why an issuer will not issue.
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
