/// 職員. No name is kept: the id is that of the municipality's own directory of staff.
package struct StaffMember: Hashable, Sendable {
    package enum Role: String, CaseIterable, Sendable {
        /// 管理者
        case administrator
        /// 窓口職員
        case counterClerk = "counter_clerk"
        /// 監督者
        case supervisor
        /// 避難所責任者
        case shelterManager = "shelter_manager"
        /// 監査者
        case auditor
    }

    package let id: String
    /// Where the member works.
    package let municipality: MunicipalityCode
    /// The municipality that has lent the member, as in a disaster; nil for its own.
    package let lentFrom: MunicipalityCode?
    package let department: String?
    package let roles: Set<Role>

    package init(
        id: String,
        municipality: MunicipalityCode,
        lentFrom: MunicipalityCode? = nil,
        department: String? = nil,
        roles: Set<Role>
    ) {
        self.id = id
        self.municipality = municipality
        self.lentFrom = lentFrom
        self.department = department
        self.roles = roles
    }
}
