/// Whose names a certificate must show: what the issuer cannot say wrongly, because the paper itself is read.
package enum ExpectedNames: Hashable, Sendable {
    /// Each must be found. Never empty.
    case all([PrintedName])
    /// The register gave no name, so that nobody can tell whose paper it is.
    case unknown

    /// The names of an order.
    ///
    /// A family register writes the family's name once and each given name by itself: there each part must be found. A
    /// family (戸籍) is no household (世帯): the members that the look-up gives may stand in another register, and the
    /// applicant's name alone is looked for.
    package init(_ order: CertificateOrder, of resident: ResidentRecord) {
        var texts: [String?] = [resident.name]
        switch order.scope {
        case .individual: break
        case .household where order.kind.isFamilyRegister: break
        case .household: texts += resident.household.map(\.name)
        case .selected(let members):
            texts = members.map { reference in resident.household.first { $0.reference == reference }?.name }
        }
        var names: [PrintedName] = []
        for text in texts {
            let parts = (text ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
            let wanted = order.kind.isFamilyRegister ? parts : [parts.joined()]
            let found = wanted.compactMap { PrintedName($0) }
            guard !found.isEmpty, found.count == wanted.count else {
                self = .unknown
                return
            }
            names += found
        }
        self = names.isEmpty ? .unknown : .all(names)
    }

    /// What of the names stands on the pages: the worst that was found of any of them.
    package func search(_ pages: [String]) -> PrintedName.Finding {
        guard case .all(let names) = self else { return .similar }
        let text = PageText(pages)
        let findings = names.map { $0.search(text) }
        return findings.contains(.absent) ? .absent : findings.contains(.similar) ? .similar : .found
    }
}

extension CertificateKindOfCounter {
    /// 戸籍 and its 附票.
    var isFamilyRegister: Bool {
        switch self {
        case .familyRegisterFull, .familyRegisterIndividual, .familyRegisterResidenceHistory: true
        case .residentRecord, .sealRegistration, .incomeCertificate, .taxCertificate: false
        }
    }
}

extension CounterApplication {
    /// Nil before the submission and after the wiping.
    package var expectedNames: ExpectedNames? {
        guard let applicant, let order else { return nil }
        return ExpectedNames(order.order, of: applicant.resident)
    }
}
