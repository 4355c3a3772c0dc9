package import PKIX

/// 受付票.
package struct ReceiptSlip: Hashable, Sendable {
    package var municipalityName: String
    package var siteName: String
    package var receptionNumber: ReceptionNumber
    package var procedureName: String
    package var copies: Int
    /// Yen.
    package var fee: Int
    /// 縮退運転中 in plain words; nil in normal service.
    package var degradedNotice: String?
    /// BCP 47; the paper is in Japanese and in this language.
    package var language: String
    package var issuedAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, receptionNumber: ReceptionNumber, procedureName: String,
        copies: Int, fee: Int, degradedNotice: String?, language: String, issuedAt: ValidationTime
    ) {
        self.municipalityName = municipalityName
        self.siteName = siteName
        self.receptionNumber = receptionNumber
        self.procedureName = procedureName
        self.copies = copies
        self.fee = fee
        self.degradedNotice = degradedNotice
        self.language = language
        self.issuedAt = issuedAt
    }
}

/// 申請書.
package struct ApplicationForm: Hashable, Sendable {
    package var municipalityName: String
    package var siteName: String
    package var receptionNumber: ReceptionNumber
    package var controlNumber: ControlNumber
    package var procedureName: String
    /// The order's options in words, a line each.
    package var orderLines: [String]
    package var copies: Int
    package var name: String
    package var address: String
    package var birthDate: BirthDate
    /// How the applicant was identified, in words.
    package var identification: String
    package var appliedAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, receptionNumber: ReceptionNumber, controlNumber: ControlNumber,
        procedureName: String, orderLines: [String], copies: Int, name: String, address: String,
        birthDate: BirthDate, identification: String, appliedAt: ValidationTime
    ) {
        self.municipalityName = municipalityName
        self.siteName = siteName
        self.receptionNumber = receptionNumber
        self.controlNumber = controlNumber
        self.procedureName = procedureName
        self.orderLines = orderLines
        self.copies = copies
        self.name = name
        self.address = address
        self.birthDate = birthDate
        self.identification = identification
        self.appliedAt = appliedAt
    }
}

/// 領収書.
package struct FeeReceipt: Hashable, Sendable {
    package var municipalityName: String
    package var siteName: String
    package var receptionNumber: ReceptionNumber
    package var procedureName: String
    package var copies: Int
    /// Yen.
    package var amount: Int
    package var issuedAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, receptionNumber: ReceptionNumber, procedureName: String,
        copies: Int, amount: Int, issuedAt: ValidationTime
    ) {
        self.municipalityName = municipalityName
        self.siteName = siteName
        self.receptionNumber = receptionNumber
        self.procedureName = procedureName
        self.copies = copies
        self.amount = amount
        self.issuedAt = issuedAt
    }
}
