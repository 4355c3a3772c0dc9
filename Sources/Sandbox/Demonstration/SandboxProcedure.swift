/// One of the procedures that the sandbox's counters offer, in the terminals' seven languages.
struct SandboxProcedure {
    let id: String
    let kind: String
    let fee: Int
    /// In the order of ``languages``.
    let names: [String]
    /// Lines of YAML for what this one has beside the others.
    let more: [String]

    private static let languages = ["ja", "ja_easy", "en", "zh", "ko", "pt", "vi"]

    /// - Parameter year: the last of three for which taxes are certified.
    func yaml(year: Int) -> String {
        let texts = zip(SandboxProcedure.languages, names).map { "\($0): \"\($1)\"" }.joined(separator: ", ")
        let years = "[\(year - 2), \(year - 1), \(year)]"
        let lines =
            ["- id: \(id)", "  kind: \(kind)", "  names: { \(texts) }", "  fee: \(fee)", "  copies: 10"]
            + more.map { "  " + $0.replacing("YEARS", with: years) }
        return lines.map { "        " + $0 }.joined(separator: "\n")
    }

    static let all = [
        SandboxProcedure(
            id: "juminhyo", kind: "resident_record", fee: 300,
            names: [
                "住民票の写し", "住民票（じゅうみんひょう）", "Copy of resident record", "住民票副本", "주민표 사본",
                "Cópia do registro de residente", "Bản sao phiếu cư trú",
            ],
            more: [
                "scopes: [self, household, selected]", "details: [relationship, domicile]", "exemptions:",
                "  - { id: kouteki-nenkin, names: { ja: 公的年金の請求, en: Public pension claim }, fee: 0 }",
            ]),
        SandboxProcedure(
            id: "inkan", kind: "seal_registration", fee: 300,
            names: [
                "印鑑登録証明書", "印鑑登録（いんかんとうろく）の証明書（しょうめいしょ）",
                "Certificate of seal registration", "印章登记证明书", "인감등록증명서",
                "Certificado de registro de carimbo", "Giấy chứng nhận đăng ký con dấu",
            ],
            more: ["scopes: [self]", "minimum_age: 15"]),
        SandboxProcedure(
            id: "shotoku", kind: "income_certificate", fee: 300,
            names: [
                "所得証明書", "所得証明書（しょとくしょうめいしょ）", "Certificate of income", "收入证明书", "소득증명서",
                "Certificado de renda", "Giấy chứng nhận thu nhập",
            ],
            more: ["scopes: [self]", "fiscal_years: YEARS"]),
        SandboxProcedure(
            id: "kazei", kind: "tax_certificate", fee: 300,
            names: [
                "課税（非課税）証明書", "税金（ぜいきん）の証明書（しょうめいしょ）", "Certificate of taxation",
                "课税（非课税）证明书", "과세(비과세)증명서", "Certificado de tributação", "Giấy chứng nhận nộp thuế",
            ],
            more: [
                "scopes: [self]", "fiscal_years: YEARS", "exemptions:",
                "  - { id: shogakukin, names: { ja: 奨学金の申請, en: Scholarship application }, fee: 150 }",
            ]),
        SandboxProcedure(
            id: "koseki-zenbu", kind: "family_register_full", fee: 450,
            names: [
                "戸籍全部事項証明書（戸籍謄本）", "戸籍（こせき）の証明書（しょうめいしょ）・家族（かぞく）全員（ぜんいん）",
                "Full family register", "户籍全部事项证明书", "호적전부사항증명서", "Registro familiar completo",
                "Giấy chứng nhận toàn bộ hộ tịch",
            ],
            more: ["scopes: [household]"]),
        SandboxProcedure(
            id: "koseki-kojin", kind: "family_register_individual", fee: 450,
            names: [
                "戸籍個人事項証明書（戸籍抄本）", "戸籍（こせき）の証明書（しょうめいしょ）・一人分（ひとりぶん）",
                "Individual family register", "户籍个人事项证明书", "호적개인사항증명서",
                "Registro familiar individual", "Giấy chứng nhận hộ tịch cá nhân",
            ],
            more: ["scopes: [self]"]),
        SandboxProcedure(
            id: "fuhyo", kind: "family_register_residence_history", fee: 300,
            names: [
                "戸籍の附票の写し", "戸籍（こせき）の附票（ふひょう）・住所（じゅうしょ）のうつりかわり",
                "Residence history of the family register", "户籍附票副本", "호적부표 사본",
                "Histórico de endereços do registro familiar", "Bản sao phụ lục hộ tịch",
            ],
            more: ["scopes: [self, household]", "details: [domicile]"]),
    ]
}
