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

    func residenceHistory(_ person: RegisteredPerson) throws(IssuerRefusal) -> Parts {
        guard let register = book.familyRegister(of: person),
            let entry = register.entries.first(where: { $0.residentID == person.residentID })
        else { throw .noEntry }
        var rows: [[PaperContent.Cell]] = [
            [.init("名", entry.givenName), .init("生年月日", person.birthDate.text)]
        ]
        for (number, place) in person.addresses.enumerated() {
            rows.append([.init("住所　\(number + 1)", place.address)])
            rows.append([.init("住所を定めた\n年月日", place.since.text)])
        }
        return Parts(
            title: "戸籍の附票の写し",
            blocks: [
                .grid([[.init("本籍", register.domicile)], [.init("筆頭者の氏名", register.headName)]]), .grid(rows),
            ],
            certification: "この写しは、戸籍の附票の原本と相違ないことを証明する。")
    }
}
