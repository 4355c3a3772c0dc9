internal import CounterApplications

extension PaperWriter {
    // MARK: 戸籍全部事項証明書, 戸籍個人事項証明書

    func familyRegister(_ person: RegisteredPerson, isWhole: Bool) throws(IssuerRefusal) -> Parts {
        guard let register = book.familyRegister(of: person) else { throw .noEntry }
        var blocks: [PaperContent.Block] = [
            .grid([[.init("本籍", register.domicile)], [.init("氏名", register.headName)]]),
            .heading("戸籍事項"), .grid([[.init("戸籍編製", "【編製日】" + register.since.text)]]),
        ]
        let entries = isWhole ? register.entries : register.entries.filter { $0.residentID == person.residentID }
        for entry in entries {
            blocks.append(.heading("戸籍に記録されている者"))
            var rows: [[PaperContent.Cell]] = [[.init("名", entry.givenName)]]
            var birth = [PaperContent.Cell("生年月日", entry.birthDate.text)]
            if let spouse = entry.spouse { birth.append(.init("配偶者区分", spouse)) }
            rows.append(birth)
            rows.append([.init("父", entry.father)])
            rows.append([.init("母", entry.mother)])
            rows.append([.init("続柄", entry.birthOrder)])
            for event in entry.events {
                let lines = event.lines.map { $0.label + $0.value }.joined(separator: "\n")
                rows.append([.init("身分事項　\(event.title)", lines)])
            }
            blocks.append(.grid(rows))
        }
        return Parts(
            title: isWhole ? "戸籍全部事項証明書" : "戸籍個人事項証明書", blocks: blocks,
            certification: isWhole
                ? "これは、戸籍に記録されている事項の全部を証明した書面である。"
                : "これは、戸籍中の一部の者について記録されている事項の全部を証明した書面である。")
    }

    // MARK: 戸籍の附票の写し

    /// Of the whole register with the scope `household`, of the applicant alone with `self`. 戸籍の表示 (本籍・筆頭者) is
    /// shown to whoever asks for it (住民基本台帳法第20条), and every entry has the whole 氏名, which nothing else gives then.
    func residenceHistory(_ person: RegisteredPerson, _ order: CertificateOrder) throws(IssuerRefusal) -> Parts {
        guard let register = book.familyRegister(of: person) else { throw .noEntry }
        let isWhole = order.scope == .household
        let entries = register.entries.filter { isWhole || $0.residentID == person.residentID }
        let people = entries.compactMap { book.person($0.residentID) }
        guard !people.isEmpty, people.count == entries.count else { throw .noEntry }
        // Whose address nobody may learn, and whose entry has been struck out, is a clerk's to look at.
        guard people.allSatisfy({ $0.standing == .resident }) else { throw .protectedPerson }
        let isShown = order.details.contains(.domicile)
        let head = PaperContent.Block.grid([
            [.init("本籍", isShown ? register.domicile : omitted)],
            [.init("筆頭者の氏名", isShown ? register.headName : omitted)],
        ])
        return Parts(
            title: "戸籍の附票の写し", blocks: [head] + people.map { .grid(residenceEntry($0)) },
            certification: isWhole
                ? "この写しは、戸籍の附票の全部の原本と相違ないことを証明する。"
                : "この写しは、戸籍の附票の一部の原本と相違ないことを証明する。")
    }

    private func residenceEntry(_ person: RegisteredPerson) -> [[PaperContent.Cell]] {
        var rows: [[PaperContent.Cell]] = [
            [.init("氏名", person.name)],
            [.init("生年月日", person.birthDate.text, weight: 2), .init("性別", person.isMale ? "男" : "女")],
        ]
        for (number, place) in person.addresses.enumerated() {
            rows.append([.init("住所　\(number + 1)", place.address)])
            rows.append([.init("住所を定めた\n年月日", place.since.text)])
        }
        return rows
    }
}
