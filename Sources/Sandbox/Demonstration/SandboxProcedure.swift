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

    private static func exemption(_ id: String, fee: Int, _ names: [String]) -> String {
        "  - { id: \(id), names: { \(texts(names)) }, fee: \(fee) }"
    }

    private static func texts(_ names: [String]) -> String {
        zip(languages, names).map { "\($0): \"\($1)\"" }.joined(separator: ", ")
    }

    /// - Parameter year: the last of three for which taxes are certified.
    func yaml(year: Int) -> String {
        let years = "[\(year - 2), \(year - 1), \(year)]"
        let lines =
            [
                "- id: \(id)", "  kind: \(kind)", "  names: { \(SandboxProcedure.texts(names)) }", "  fee: \(fee)",
                "  copies: 10",
            ]
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
                exemption(
                    "kouteki-nenkin", fee: 0,
                    [
                        "公的年金の請求に使う方", "年金（ねんきん）の手続（てつづ）きに使（つか）う人（ひと）", "For claiming a public pension",
                        "用于申领公共年金", "공적 연금 청구에 쓰시는 분", "Para pedir aposentadoria pública", "Dùng để xin lương hưu công",
                    ]),
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
                exemption(
                    "shogakukin", fee: 150,
                    [
                        "奨学金の申請に使う方", "奨学金（しょうがくきん）の申（もう）し込（こ）みに使（つか）う人（ひと）", "For a scholarship application",
                        "用于申请奖学金", "장학금 신청에 쓰시는 분", "Para pedir bolsa de estudos", "Dùng để xin học bổng",
                    ]),
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
