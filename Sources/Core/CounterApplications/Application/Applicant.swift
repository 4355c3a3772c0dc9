package import PKIX

/// Who applies, as the verification and the look-up made it out. Personal data: only in the sealed body.
package struct Applicant: Hashable, Sendable, Codable {
    package let identification: Identification
    package let resident: ResidentRecord

    package init(identification: Identification, resident: ResidentRecord) {
        (self.identification, self.resident) = (identification, resident)
    }
}

/// How the applicant was identified. No personal data.
package struct Identification: Hashable, Sendable, Codable {
    /// `ver_…`
    package let verificationID: String
    /// The certificate's kind, for example `card_user_authentication`.
    package let certificateKind: String
    /// The revocation policy that it was verified under.
    package let policyID: String
    /// `pin_authentication`, `pin_signature`.
    package let assurance: String
    /// The rung of the ladder that answered: `ocsp`, `fresh_crl`, `last_good_crl`.
    package let rung: String
    package let service: ServiceLevel
    package let verifiedAt: ValidationTime

    /// 通常 or 縮退.
    package enum ServiceLevel: String, Hashable, Sendable, Codable {
        case normal
        case degraded
    }

    package init(
        verificationID: String,
        certificateKind: String,
        policyID: String,
        assurance: String,
        rung: String,
        service: ServiceLevel,
        verifiedAt: ValidationTime
    ) {
        self.verificationID = verificationID
        self.certificateKind = certificateKind
        self.policyID = policyID
        self.assurance = assurance
        self.rung = rung
        self.service = service
        self.verifiedAt = verifiedAt
    }
}

/// A resident as the municipality's register has them.
package struct ResidentRecord: Hashable, Sendable, Codable {
    /// 宛名番号; 1 to 64 characters.
    package let residentID: String
    /// As the register has them, MJ characters and IVS kept; nil when the municipality does not give it out.
    package let name: String?
    package let address: String?
    package let birthDate: BirthDate
    /// The members of the household whom an order may select, in the order of the register; the applicant among them.
    package let household: [Member]

    package struct Member: Hashable, Sendable, Codable {
        /// What an order names; random or a register's number, never shown.
        package let reference: String
        package let name: String

        package init(reference: String, name: String) { (self.reference, self.name) = (reference, name) }
    }

    package init(
        residentID: String,
        name: String?,
        address: String?,
        birthDate: BirthDate,
        household: [Member] = []
    ) {
        self.residentID = residentID
        self.name = name
        self.address = address
        self.birthDate = birthDate
        self.household = household
    }
}

/// A date of birth; month and day may be unknown in old registers.
package struct BirthDate: Hashable, Sendable, Codable {
    package let year: Int
    package let month: Int?
    package let day: Int?

    /// Nil when a part is out of range, or a day is known without its month.
    package init?(year: Int, month: Int? = nil, day: Int? = nil) {
        guard (1800...9999).contains(year), month.map({ (1...12).contains($0) }) ?? (day == nil),
            day.map({ $0 >= 1 && $0 <= CivilTime.days(inMonth: month ?? 1, of: year) }) ?? true
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Completed years on the day that `time` is in Japan. A year of age is completed at the end of the day before the
    /// birthday (年齢計算ニ関スル法律, 民法第143条); unknown parts count as late as they can be.
    package func age(at time: ValidationTime) -> Int {
        let today = time.advanced(bySeconds: 9 * 3_600 + 86_400).civil
        let (month, day) = (self.month ?? 12, self.day ?? CivilTime.days(inMonth: self.month ?? 12, of: year))
        let isReached = (today.month, today.day) >= (month, day)
        return max(0, today.year - year - (isReached ? 0 : 1))
    }
}
