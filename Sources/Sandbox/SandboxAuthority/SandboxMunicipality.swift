package import Organizations

/// An invented municipality. No real code begins with 99.
package struct SandboxMunicipality: Hashable, Sendable {
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
        (prefecture, prefectureLabel) = ("見本県", "Mihon-ken")
    }

    /// The three municipalities of the invented prefecture.
    package static let all: [SandboxMunicipality] = [
        SandboxMunicipality("99201", "見本市", "Mihon-shi"),
        SandboxMunicipality("99301", "例示町", "Reiji-machi"),
        SandboxMunicipality("99401", "架空村", "Kakuu-mura"),
    ].compactMap { $0 }

    /// The municipality with this code of five or six digits.
    package static func find(_ code: String) -> SandboxMunicipality? {
        guard let code = MunicipalityCode(code) else { return nil }
        return all.first { $0.code == code }
    }
}
