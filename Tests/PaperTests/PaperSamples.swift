import CounterApplications
import PDFRendering
import PKIX
import Testing

/// Papers with made-up people on them.
enum PaperSamples {
    /// 2026-11-24 10:05 in Japan.
    static let time = ValidationTime(secondsSince1970: 1_795_482_300)

    static func number() throws -> ReceptionNumber {
        try #require(ReceptionNumber(random: [7, 200, 33, 14, 95, 6, 77]))
    }

    static func control() throws -> ControlNumber {
        try #require(ControlNumber(random: (0..<15).map { UInt8($0 * 17) }))
    }

    static func slip(_ language: String, rung: String? = nil, claimed: Int? = nil) throws -> PaperDocument {
        .receiptSlip(
            ReceiptSlip(
                municipalityName: "見本県見本市", siteName: "市民課 １番窓口", receptionNumber: try number(),
                procedureName: "住民票の写し（世帯全員）", copies: 2, fee: claimed ?? 1_200,
                unreducedFee: claimed == nil ? nil : 1_200,
                degradedRung: rung, language: language, issuedAt: time))
    }

    static func form(name: String, address: String, members: [String] = []) throws -> PaperDocument {
        .applicationForm(
            ApplicationForm(
                municipalityName: "見本県見本市", siteName: "市民課", receptionNumber: try number(),
                controlNumber: try control(), procedureName: "住民票の写し", orderLines: ["世帯全員", "続柄を記載する"],
                members: members, copies: 2, name: name, address: address,
                birthDate: try #require(BirthDate(year: 1975, month: 5, day: 3)),
                identification: "利用者証明用電子証明書と暗証番号", appliedAt: time))
    }

    static func day(rows: Int = 3) throws -> PaperDocument {
        let names = ["住民票の写し", "印鑑登録証明書", "", "戸籍の附票の写し（見本市に本籍がある方に限ります）"]
        return .daySheet(
            DaySheet(
                municipalityName: "見本県見本市", siteName: "市民課",
                day: try #require(OpeningHours.Day(year: 2026, month: 11, day: 24)),
                rows: (0..<rows).map { index in
                    DaySheet.Row(
                        procedureName: names[index % names.count], handedOver: 1_234 + index, copies: 1_500,
                        exempt: 17, amount: 450_300, voided: 3, reversed: 600, usedSheets: 1_811, spoiltSheets: 12)
                },
                trays: [
                    DaySheet.Tray(
                        printer: "counter", tray: "tray-2", received: 2_500, used: 1_811, spoilt: 12, left: -7)
                ], drawnAt: time))
    }

    static func receipt() throws -> PaperDocument {
        .feeReceipt(
            FeeReceipt(
                municipalityName: "見本県見本市", siteName: "市民課", receptionNumber: try number(),
                procedureName: "住民票の写し", copies: 2, amount: 1_200, issuedAt: time))
    }
}
