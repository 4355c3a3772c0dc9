package import Organizations

/// An invented municipality. No real code begins with 99.
package struct SandboxMunicipality: Hashable, Sendable {
    /// What it is there for.
    package enum Role: Hashable, Sendable {
        /// One of the three whose people are test cases.
        case example
        /// One of a nation's many, for tests of scale: see ``PartitionPlan``.
        case partition
    }

    package let role: Role
    package let code: MunicipalityCode
    /// 都道府県 and 市区町村, as in an address.
    package let prefecture: String
    package let name: String
    /// As in a certificate's subject and distribution point: `Mihon-ken`, `Mihon-shi`.
    package let prefectureLabel: String
    package let label: String

    private init?(_ fiveDigits: String, _ name: String, _ label: String) {
        guard let code = MunicipalityCode(fiveDigits) else { return nil }
        (self.code, self.name, self.label) = (code, name, label)
        (prefecture, prefectureLabel, role) = ("見本県", "Mihon-ken", .example)
    }

    /// Number `partition` of a nation, from 1; nil above ``PartitionPlan/mostPartitions``.
    init?(partition: Int) {
        let digits = partition <= 999 ? 97_000 + partition : 98_000 + partition - 999
        guard (97_001...98_999).contains(digits), let code = MunicipalityCode(String(digits)) else { return nil }
        self.code = code
        (prefecture, prefectureLabel, role) = ("仮設県", "Kasetsu-ken", .partition)
        let padded = String(repeating: "0", count: max(0, 4 - String(partition).count)) + String(partition)
        (name, label) = ("仮設\(wide(partition))市", "Kasetsu-\(padded)")
    }

    /// The three municipalities of the invented prefecture.
    package static let all: [SandboxMunicipality] = [
        SandboxMunicipality("99201", "見本市", "Mihon-shi"),
        SandboxMunicipality("99301", "例示町", "Reiji-machi"),
        SandboxMunicipality("99401", "架空村", "Kakuu-mura"),
    ].compactMap { $0 }

    /// The one of the three with this code of five or six digits.
    package static func find(_ code: String) -> SandboxMunicipality? { find(code, in: all) }

    static func find(_ code: String, in municipalities: [SandboxMunicipality]) -> SandboxMunicipality? {
        guard let code = MunicipalityCode(code) else { return nil }
        return municipalities.first { $0.code == code }
    }
}
