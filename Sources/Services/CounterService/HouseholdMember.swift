internal import CounterApplications

/// Somebody of the applicant's own household, as the page shows them for the choice of a part of it (世帯の一部).
///
/// The terminal learns the names alone, once, in the answer to the identification; what the register calls a member
/// stays at the centre.
package struct HouseholdMember: Hashable, Sendable {
    /// `m1`, `m2` …: the place in the register's order; means something within this application alone.
    package let id: String
    /// As the register writes it.
    package let name: String

    /// Of whom an order of `procedure` may select; empty when it offers no selection.
    static func all(of resident: ResidentRecord, for procedure: CounterProcedure?) -> [HouseholdMember] {
        guard let procedure, procedure.scopes.contains(.selected) else { return [] }
        return resident.household.enumerated().map { HouseholdMember(id: "m\($0.offset + 1)", name: $0.element.name) }
    }

    /// The register's own references for the members that a terminal named, in the order of the register.
    ///
    /// - Throws: ``OrderRefusal/members`` for whoever was not offered or is named twice.
    static func scope(_ scope: OrderScope, of resident: ResidentRecord) throws(CounterError) -> OrderScope {
        guard case .selected(let ids) = scope else { return scope }
        let known = resident.household.indices.map { "m\($0 + 1)" }
        guard !ids.isEmpty, Set(ids).count == ids.count, Set(known).isSuperset(of: ids) else {
            throw .order(.members)
        }
        return .selected(
            zip(known, resident.household).filter { ids.contains($0.0) }.map(\.1.reference))
    }
}
