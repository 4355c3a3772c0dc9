/// What one applicant asks for: a certificate of one procedure, its options and how many copies.
package struct CertificateOrder: Hashable, Sendable, Codable {
    /// The id of a ``CounterProcedure``.
    package var procedureID: String
    /// What the issuer prints. Taken from the procedure when the order is checked; the terminal does not send it.
    package var kind: CertificateKindOfCounter
    package var scope: OrderScope
    /// What is shown beside the minimum, for example 続柄. Each at most once.
    package var details: Set<OrderDetail>
    /// For 所得・課税証明書: the fiscal year (年度) in the Gregorian calendar; nil for others.
    package var fiscalYear: Int?
    /// From 1.
    package var copies: Int
    /// The id of a fee exemption that the applicant states, for staff to look at; nil for none.
    package var exemption: String?

    package init(
        procedureID: String,
        kind: CertificateKindOfCounter,
        scope: OrderScope = .individual,
        details: Set<OrderDetail> = [],
        fiscalYear: Int? = nil,
        copies: Int = 1,
        exemption: String? = nil
    ) {
        self.procedureID = procedureID
        self.kind = kind
        self.scope = scope
        self.details = details
        self.fiscalYear = fiscalYear
        self.copies = copies
        self.exemption = exemption
    }

    /// The canonical encoding, part of the request's digest. Sets are written in the order of their names.
    package var canonicalOctets: [UInt8] {
        var octets = CanonicalOctets("akashi-certificate-order")
        octets.append(procedureID)
        octets.append(kind.rawValue)
        octets.append(scope.name)
        octets.append(scope.members.count)
        for member in scope.members { octets.append(member) }
        octets.append(details.count)
        for detail in details.map(\.rawValue).sorted() { octets.append(detail) }
        octets.append(fiscalYear ?? 0)
        octets.append(copies)
        return octets.bytes
    }
}

/// The kinds of certificate that a counter issues. There is none with 個人番号.
package enum CertificateKindOfCounter: String, CaseIterable, Hashable, Sendable, Codable {
    /// 住民票の写し
    case residentRecord = "resident_record"
    /// 印鑑登録証明書
    case sealRegistration = "seal_registration"
    /// 所得証明書
    case incomeCertificate = "income_certificate"
    /// 課税（非課税）証明書
    case taxCertificate = "tax_certificate"
    /// 戸籍全部事項証明書
    case familyRegisterFull = "family_register_full"
    /// 戸籍個人事項証明書
    case familyRegisterIndividual = "family_register_individual"
    /// 戸籍の附票の写し
    case familyRegisterResidenceHistory = "family_register_residence_history"
}

/// Whose entries are printed.
package enum OrderScope: Hashable, Sendable, Codable {
    /// 本人
    case individual
    /// 世帯全員
    case household
    /// 一部: the members' references from the look-up, 1 to 30, in the order of the register.
    case selected([String])

    package var name: String {
        switch self {
        case .individual: "self"
        case .household: "household"
        case .selected: "selected"
        }
    }

    package var members: [String] {
        if case .selected(let members) = self { return members }
        return []
    }
}

/// What can be shown on a certificate beside its minimum.
package enum OrderDetail: String, CaseIterable, Hashable, Sendable, Codable {
    /// 世帯主・続柄
    case relationship
    /// 本籍・筆頭者
    case domicile
}
