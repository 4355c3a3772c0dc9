import CounterApplications
import SignatureAlgorithms
import Testing

/// Whether a certificate's text shows the name that it must show.
@Suite struct PrintedNameTests {
    private func verdict(
        _ name: String?,
        on page: String,
        kind: CertificateKindOfCounter = .sealRegistration,
        scope: OrderScope = .individual
    ) -> String {
        let resident = ResidentRecord(
            residentID: "R-1", name: name, address: nil, birthDate: made(BirthDate(year: 1_980)),
            household: [.init(reference: "m-1", name: name ?? ""), .init(reference: "m-2", name: "見本　太郎")])
        let order = CertificateOrder(procedureID: "p", kind: kind, scope: scope)
        let request = IssueRequest(
            requestID: "isq_1", application: Sample.id(), municipality: Sample.city, residentID: "R-1", order: order,
            controlNumber: Sample.control(), nonce: Sample.octets(32, 1))
        let pdf: [UInt8] = [1]
        let answer = IssueAnswer(
            requestID: request.requestID, orderDigest: request.orderDigest, controlNumber: request.controlNumber,
            recipientDigest: request.recipientDigest, pdf: pdf, pdfDigest: HashAlgorithm.sha256.digest(of: pdf),
            pageCount: 1,
            issuedAt: Sample.start)
        let inspection = PDFInspection(
            pageCount: 1, pageTexts: [page + request.controlNumber.printed], fontsAllEmbedded: true)
        return
            switch judge(
                answer, for: request, inspection: inspection, showing: ExpectedNames(order, of: resident))
        {
        case .accepted: "found"
        case .undetermined: "undetermined"
        case .mismatched(let found): found == [.name] ? "absent" : "\(found)"
        }
    }

    @Test("Another person's name is absent, a sibling's is never enough")
    func absent() {
        #expect(verdict("見本　花子", on: "氏名 標本　次郎 住所 見本県見本市") == "absent")
        #expect(verdict("見本　花子", on: "") == "absent")
        #expect(verdict("見本　花子", on: "氏名 見本　太郎") == "absent")
        #expect(verdict("見本　花子", on: "氏名 見本　花代") == "undetermined")
        #expect(verdict("林", on: "氏名 森") == "absent")
        #expect(verdict("ＮＧＵＹＥＮ　ＴＨＩ　ＡＮＨ", on: "ＴＲＡＮ　ＶＡＮ　ＨＵＮＧ") == "absent")
    }

    @Test(
        "Blanks, line ends, widths, cases, selectors, variants and radicals make no other name",
        arguments: [
            ("見本　花子", "氏名見 本\n花\r\n子"), ("葛\u{E0102}城　一", "葛城 一"), ("葛城　一", "葛\u{E0100}城一"),
            ("塚\u{FE00}本　実", "塚本實"), ("髙橋　﨑男", "高橋 崎男"), ("渡邉　𠮷江", "渡邊 吉江"),
            ("ＳＡＭＰＬＥ　Ｔａｒｏ", "Sample TARO"), ("\u{FA10}本", "\u{585A}本"), ("木下　一", "\u{2F4A}下\u{2F00}"),
            ("Ｊ．Ｏ−Ｎ・Ａ", "J.O-N\u{FF65}A"), ("がほ", "か\u{3099}ほ"),
        ])
    func folded(_ name: String, _ page: String) {
        #expect(verdict(name, on: "氏名" + page + "住所") == "found")
    }

    @Test("What cannot be read out, or is not known, is undetermined")
    func undetermined() {
        #expect(verdict("見本　花子", on: "氏名 見本　花〓") == "undetermined")
        #expect(verdict("見本　花子", on: "氏名 見本　花") == "undetermined")
        #expect(verdict("見本　\u{E001}\u{E002}子", on: "氏名 見本　□□子") == "undetermined")
        #expect(verdict(nil, on: "氏名 見本　花子") == "undetermined")
        #expect(verdict("　", on: "氏名 見本　花子") == "undetermined")
        // Too long to be compared with what is similar: found all the same when it stands there.
        let long = String(repeating: "長い名", count: 600)
        #expect(verdict(long, on: String(repeating: "あ", count: 4_000) + long) == "found")
        #expect(verdict(long, on: String(repeating: "あ", count: 4_000)) == "undetermined")
    }

    @Test("However many marks stand on one character, the search ends, and the name is found beside them")
    func runsOfMarks() {
        let marks = String(repeating: "\u{301}\u{323}", count: 500_000)
        #expect(verdict("見本　花子", on: "a" + marks + "氏名 見本　花子 a" + marks) == "found")
        #expect(verdict("見本　花子", on: "a" + marks + "氏名 標本　次郎") == "absent")
        #expect(verdict("a" + marks, on: "氏名 a" + marks + "住所") == "found")
        // Characters of thirty marks each, in another order than the name has them: found all the same, at once.
        let (one, other) = (
            String(repeating: "a" + String(repeating: "\u{301}\u{323}", count: 15), count: 40),
            String(repeating: "a" + String(repeating: "\u{323}\u{301}", count: 15), count: 90_000)
        )
        #expect(verdict(one, on: other) == "found")
    }

    @Test("A mark without a character is no part of a name")
    func loneMarks() {
        #expect(verdict("\u{3099}見本", on: "氏名\u{3099}見本") == "found")
        #expect(verdict("\u{3099}", on: "氏名") == "undetermined")
    }

    @Test("Of a household everybody must stand there, of a part of it each who was chosen")
    func households() {
        let kind = CertificateKindOfCounter.residentRecord
        #expect(verdict("見本　花子", on: "見本　花子 見本　太郎", kind: kind, scope: .household) == "found")
        #expect(verdict("見本　花子", on: "見本　花子 標本　次郎", kind: kind, scope: .household) == "absent")
        #expect(verdict("見本　花子", on: "見本　太郎", kind: kind, scope: .selected(["m-2"])) == "found")
        #expect(verdict("見本　花子", on: "標本　次郎", kind: kind, scope: .selected(["m-2"])) == "absent")
        #expect(verdict("見本　花子", on: "見本　花子", kind: kind, scope: .selected(["m-9"])) == "undetermined")
    }

    @Test("A family register has the family's name once, and each given name by itself")
    func familyRegister() {
        let kind = CertificateKindOfCounter.familyRegisterIndividual
        #expect(verdict("見本　花子", on: "氏名 見本　義雄 名 花子", kind: kind) == "found")
        #expect(verdict("見本　花子", on: "氏名 標本　義雄 名 次郎", kind: kind) == "absent")
        // 太郎 of the household stands in another family's register.
        let full = CertificateKindOfCounter.familyRegisterFull
        #expect(verdict("見本　花子", on: "氏名 見本　義雄 名 花子", kind: full, scope: .household) == "found")
    }

    @Test("However long name and text are, the search ends, and what stands there is found")
    func random() {
        let numbers = SeededNumbers(7)
        let alphabet = Array("見本花子太郎髙﨑A \u{3000}\u{E0100}\u{E000}〓")
        for _ in 0..<2_000 {
            func text(_ most: Int) -> String {
                String((0..<numbers.below(most)).map { _ in alphabet[numbers.below(alphabet.count)] })
            }
            let name = "名" + text(12)
            #expect(verdict(name, on: text(60) + name + text(60)) == "found")
            _ = verdict(name, on: text(200))
        }
    }
}
