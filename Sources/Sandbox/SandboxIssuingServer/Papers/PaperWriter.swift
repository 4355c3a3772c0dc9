internal import CounterApplications
internal import PKIX

/// Writes what stands on a certificate, from the registers and from nothing else.
struct PaperWriter {
    let book: RegisterBook
    let now: ValidationTime

    /// The certificate that `request` orders.
    ///
    /// - Parameter recipient: whose entry is printed; the request's own resident but for the fault `wrong_person`.
    func content(_ request: IssueRequest, recipient: String) throws(IssuerRefusal) -> PaperContent {
        guard let person = book.person(recipient) else { throw .noEntry }
        switch person.standing {
        case .resident: break
        case .protectedPerson: throw .protectedPerson
        case .movedOut, .deceased: throw .noEntry
        }
        let order = request.order
        guard order.kind.scopes.contains(order.scope.name), order.details.isSubset(of: order.kind.details) else {
            throw .orderNotAccepted
        }
        guard (order.fiscalYear != nil) == order.kind.isAboutTax else { throw .orderNotAccepted }
        let parts =
            switch order.kind {
            case .residentRecord: try residentRecord(person, order)
            case .sealRegistration: try sealRegistration(person)
            case .incomeCertificate, .taxCertificate: try tax(person, order)
            case .familyRegisterFull: try familyRegister(person, isWhole: true)
            case .familyRegisterIndividual: try familyRegister(person, isWhole: false)
            case .familyRegisterResidenceHistory: try residenceHistory(person, order)
            }
        return PaperContent(
            recipient: person.residentID, title: parts.title, blocks: parts.blocks,
            certification: parts.certification, issuedOn: RegisterDate(now).text,
            mayorTitle: book.municipality.mayorTitle, mayorName: book.municipality.mayorName,
            controlNumber: request.controlNumber)
    }

    struct Parts {
        let title: String
        let blocks: [PaperContent.Block]
        let certification: String
    }

    // MARK: 住民票の写し

    private func residentRecord(_ person: RegisteredPerson, _ order: CertificateOrder) throws(IssuerRefusal) -> Parts {
        let household = book.household(of: person)
        let chosen: [RegisteredPerson]
        switch order.scope {
        case .individual: chosen = [person]
        case .household: chosen = household
        case .selected(let references):
            let ids = references.compactMap { book.references[$0] }
            let members = household.filter { ids.contains($0.residentID) }
            // Whoever is not of this household is nobody here.
            guard ids.count == references.count, members.count == ids.count else { throw .orderNotAccepted }
            chosen = members
        }
        guard chosen.allSatisfy({ $0.standing == .resident }) else { throw .protectedPerson }
        var head: [[PaperContent.Cell]] = [[.init("住所", person.address)]]
        head.append([
            .init("世帯主", order.details.contains(.relationship) ? book.headName(of: person) : omitted)
        ])
        let entries = chosen.map { PaperContent.Block.grid(residentEntry($0, order.details)) }
        return Parts(
            title: "住民票の写し", blocks: [.grid(head)] + entries,
            certification: order.scope == .household
                ? "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
                : "この写しは、住民票の原本と相違ないことを証明する。")
    }

    var omitted: String { "＊＊＊省略＊＊＊" }

    private func residentEntry(_ person: RegisteredPerson, _ details: Set<OrderDetail>) -> [[PaperContent.Cell]] {
        var rows: [[PaperContent.Cell]] = [[.init("氏名", person.name)]]
        // 住民基本台帳法第7条第1号の2: of Japanese nationals.
        if person.residence == nil { rows.append([.init("氏名の振り仮名", person.kana ?? "（届出なし）")]) }
        switch person.otherName {
        case .former(let name): rows.append([.init("旧氏", name)])
        case .common(let name): rows.append([.init("通称", name)])
        case nil: break
        }
        rows.append([
            .init("生年月日", person.birthDate.text, weight: 2), .init("性別", person.isMale ? "男" : "女"),
            .init("続柄", details.contains(.relationship) ? person.relation : omitted),
        ])
        if let residence = person.residence {
            rows.append([.init("国籍・地域", residence.nationality), .init("在留資格", residence.status)])
            rows.append([
                .init("在留期間等", residence.period), .init("在留期間の\n満了の日", residence.until.text),
            ])
            rows.append([.init("在留カード等の\n番号", residence.cardNumber)])
        } else {
            let register = details.contains(.domicile) ? person.familyRegister : nil
            rows.append([.init("本籍", register?.domicile ?? omitted, weight: 2)])
            rows.append([.init("筆頭者の氏名", register?.headName ?? omitted)])
        }
        let former = person.addresses.dropLast().last
        rows.append([
            .init(person.residence == nil ? "住民となった\n年月日" : "外国人住民と\nなった年月日", person.residentSince.text),
            .init("住所を定めた\n年月日", person.addresses.last?.since.text ?? ""),
        ])
        rows.append([.init("前住所", former?.address ?? "なし")])
        return rows
    }

    // MARK: 印鑑登録証明書

    private func sealRegistration(_ person: RegisteredPerson) throws(IssuerRefusal) -> Parts {
        guard let seal = book.seals[person.residentID] else { throw .noEntry }
        var cells: [PaperContent.Cell] = [.init("氏名", person.name)]
        switch person.otherName {
        case .former(let name): cells.append(.init("旧氏", name))
        case .common(let name): cells.append(.init("通称", name))
        case nil: break
        }
        cells += [.init("生年月日", person.birthDate.text), .init("住所", person.address)]
        return Parts(
            title: "印鑑登録証明書", blocks: [.seal(seal, cells)],
            certification: "この写しは、登録されている印影と相違ないことを証明する。")
    }

    // MARK: 所得・課税証明書

    private func tax(_ person: RegisteredPerson, _ order: CertificateOrder) throws(IssuerRefusal) -> Parts {
        guard let record = book.taxes[person.residentID]?.first(where: { $0.year == order.fiscalYear }) else {
            throw .noEntry
        }
        let (year, income) = (record.year - 2018, record.year - 2019)
        let yen = { (amount: Int) in PaperWriter.yen(amount) }
        let incomes: [(label: String, value: String)] = [
            ("給与収入金額", yen(record.salary)), ("給与所得金額", yen(record.income)),
            ("合計所得金額", yen(record.income)), ("総所得金額等", yen(record.income)),
        ]
        let taxes: [(label: String, value: String)] = [
            ("社会保険料控除", yen(record.socialInsurance)), ("扶養控除", yen(record.dependantDeduction)),
            ("基礎控除", yen(record.basicDeduction)), ("所得控除の合計", yen(record.deductions)),
            ("課税標準額", yen(record.taxable)), ("市町村民税　所得割額", yen(record.isTaxed ? record.municipalIncomeTax : 0)),
            ("市町村民税　均等割額", yen(record.municipalFlatTax)),
            ("県民税　所得割額", yen(record.isTaxed ? record.prefecturalIncomeTax : 0)),
            ("県民税　均等割額", yen(record.prefecturalFlatTax)), ("森林環境税", yen(record.forestTax)),
            ("年税額", yen(record.total)),
        ]
        let isTax = order.kind == .taxCertificate
        let title = isTax ? (record.isTaxed ? "課税証明書" : "非課税証明書") : "所得証明書"
        return Parts(
            title: "令和\(year)年度　市民税・県民税　\(title)",
            blocks: [
                .grid([
                    [.init("住所", person.address)], [.init("氏名", person.name)],
                    [.init("生年月日", person.birthDate.text), .init("扶養人数", "\(record.dependants)人")],
                ]), .heading("令和\(income)年中の所得"), .amounts(incomes),
            ] + (isTax ? [.heading("令和\(year)年度の税額"), .amounts(taxes)] : []),
            certification: "上記のとおり相違ないことを証明する。")
    }

    /// `1,234,000円`
    private static func yen(_ amount: Int) -> String {
        let digits = Array(String(amount))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text + "円"
    }
}

extension CertificateKindOfCounter {
    var isAboutTax: Bool { self == .incomeCertificate || self == .taxCertificate }

    /// By name: what an order of this kind may ask for (docs/issuing-server.md).
    var scopes: Set<String> {
        switch self {
        case .residentRecord: ["self", "household", "selected"]
        case .familyRegisterFull: ["household"]
        case .familyRegisterResidenceHistory: ["self", "household"]
        case .sealRegistration, .incomeCertificate, .taxCertificate, .familyRegisterIndividual: ["self"]
        }
    }

    /// What may be shown beside the minimum.
    var details: Set<OrderDetail> {
        switch self {
        case .residentRecord: [.relationship, .domicile]
        case .familyRegisterResidenceHistory: [.domicile]
        case .sealRegistration, .incomeCertificate, .taxCertificate, .familyRegisterFull, .familyRegisterIndividual: []
        }
    }
}
