package import PKIX

/// 受付票.
package struct ReceiptSlip: Hashable, Sendable {
    package var municipalityName: String
    package var siteName: String
    package var receptionNumber: ReceptionNumber
    package var procedureName: String
    package var copies: Int
    /// Yen; with the exemption that the applicant states, if any.
    package var fee: Int
    /// Yen without that exemption, which staff look at before the fee is taken; nil when none is stated.
    package var unreducedFee: Int?
    /// While 縮退運転中 the rung of the ladder that answered, for example `last_good_crl`; nil in normal service.
    package var degradedRung: String?
    /// BCP 47; the paper is in Japanese and in this language.
    package var language: String
    package var issuedAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, receptionNumber: ReceptionNumber, procedureName: String,
        copies: Int, fee: Int, unreducedFee: Int? = nil, degradedRung: String?, language: String,
        issuedAt: ValidationTime
    ) {
        self.municipalityName = municipalityName
        self.siteName = siteName
        self.receptionNumber = receptionNumber
        self.procedureName = procedureName
        self.copies = copies
        self.fee = fee
        self.unreducedFee = unreducedFee
        self.degradedRung = degradedRung
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
    /// Who is selected of the household, as the register writes them and in its order; empty for other scopes.
    package var members: [String]
    package var copies: Int
    package var name: String
    package var address: String
    package var birthDate: BirthDate
    /// How the applicant was identified, in words.
    package var identification: String
    package var appliedAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, receptionNumber: ReceptionNumber, controlNumber: ControlNumber,
        procedureName: String, orderLines: [String], members: [String] = [], copies: Int, name: String,
        address: String, birthDate: BirthDate, identification: String, appliedAt: ValidationTime
    ) {
        self.municipalityName = municipalityName
        self.siteName = siteName
        self.receptionNumber = receptionNumber
        self.controlNumber = controlNumber
        self.procedureName = procedureName
        self.orderLines = orderLines
        self.members = members
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
