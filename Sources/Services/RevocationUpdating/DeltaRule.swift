internal import PKIX
internal import RevocationLists

/// Which delta lists go onto which complete list (promise 4; RFC 5280 §5.2.4, §6.3.3 (c)).
///
/// A delta list counts only while baseCRLNumber ≤ the number in force < its own number. One that a newer base has
/// caught up with leaves the set with that base. Their combination (§6.3.3 (h) to (k)) is made at judging, in
/// RevocationLists, from the two lists as they were signed.
enum DeltaRule {
    /// Why a delta list does not go onto `base`; nil when it does.
    static func refusal(of list: CertificateList, onto base: ActiveList?) -> CRLRefusal? {
        guard let base, let held = base.crlNumber else { return .deltaWithoutBase }
        guard let baseNumber = list.baseCRLNumber, let number = list.crlNumber,
            // §5.2.4: both name the same key in the same way.
            list.authorityKeyIdentifier == base.verified.list.authorityKeyIdentifier
        else { return .deltaWithoutBase }
        guard baseNumber <= held else { return .deltaBaseNotHeld }
        return number > held ? nil : .deltaSuperseded
    }

    /// The same for a list of either form against the set in force; a complete list needs no base.
    static func refusal(of list: CertificateList, _ scope: ListScope, in set: RevocationListSet) -> CRLRefusal? {
        guard scope.form == .delta else { return nil }
        return refusal(of: list, onto: set.list(ofScope: scope.siblingID))
    }

    /// Whether `delta` has the number of its base, so that both say the same.
    static func isEqual(_ delta: CertificateList, _ scope: ListScope, in set: RevocationListSet) -> Bool {
        guard let number = delta.crlNumber else { return false }
        return set.list(ofScope: scope.siblingID)?.crlNumber == number
    }
}
