import CounterApplications
import CounterService
import PDFRendering
import PKIX
import PaperLayout
import Testing

/// The platform's own papers.
@Suite struct PaperDocumentTests {
    let rendering: PaperRendering
    let inspector = PopplerInspector()

    init() throws { rendering = try PaperRendering() }

    @Test("a receipt slip is one sheet in every language, in normal service and degraded, on A6 and on the roll")
    func slips() throws {
        let languages = try #require(PaperLabels()).languages
        #expect(languages.count == 7)
        let roll = try PaperRendering(slips: .roll80)
        for language in languages {
            for (rung, claimed) in [(nil, nil), ("last_good_crl", nil), ("last_good_crl", 0), ("ocsp", 600)] {
                for renderer in [rendering, roll] {
                    let found = try inspector.inspect(
                        renderer.render(PaperSamples.slip(language, rung: rung, claimed: claimed)))
                    #expect(found.pageCount == 1, "\(language)")
                    #expect(found.fontsAllEmbedded)
                    #expect(found.pageTexts[0].contains(try PaperSamples.number().printed))
                    // With a claim both fees, the one without it in the resident's own language.
                    #expect(found.pageTexts[0].contains(claimed == nil ? "1,200円" : "1,200"))
                    #expect(found.pageTexts[0].contains("無料") || claimed != 0)
                    #expect(found.pageTexts[0].contains("令和8年11月24日"))
                    #expect(found.pageTexts[0].contains("縮退運転中") == (rung != nil))
                    #expect(found.pageTexts[0].contains("OCSP") == (rung == "ocsp"), "\(language)")
                }
            }
        }
    }

    @Test(
        "申請書 for a part of a household names who is selected, as the register writes them, and counts their characters")
    func selectedMembers() throws {
        let members = ["見本　太郎", "辻\u{E0102}　花子", "見本\u{F0000}"]
        let form = try PaperSamples.form(name: "見本　一", address: "見本県見本市", members: members)
        let found = try inspector.inspect(rendering.render(form))
        for wanted in ["記載する人", "見本 太郎", "辻\u{E0102} 花子", "代替文字を含みます"] {
            #expect(found.pageTexts[0].contains(wanted), "\(wanted)")
        }
        let whole = try inspector.inspect(rendering.render(PaperSamples.form(name: "見本　一", address: "見本県見本市")))
        #expect(!whole.pageTexts[0].contains("記載する人"))
    }

    @Test("Each rung has its own sentence in every language of the slip")
    func rungs() throws {
        let labels = try #require(PaperLabels())
        for language in labels.languages {
            let texts = try ["ocsp", "fresh_crl", "last_good_crl", "offline"].map { rung in
                try inspector.inspect(rendering.render(PaperSamples.slip(language, rung: rung))).pageTexts[0]
            }
            #expect(Set(texts).count == 4, "\(language)")
            if !language.hasPrefix("ja"), language != "en" {
                for text in texts { #expect(!text.contains("Reduced service"), "\(language)") }
            }
        }
    }

    @Test("no label lacks a language that the slip's title has")
    func languages() throws {
        let labels = try #require(PaperLabels())
        let english = try inspector.inspect(rendering.render(PaperSamples.slip("en"))).pageTexts[0]
        for language in labels.languages.subtracting(["ja", "ja-easy", "en"]) {
            let text = try inspector.inspect(rendering.render(PaperSamples.slip(language))).pageTexts[0]
            // Nothing of the English slip stands in for a missing translation.
            for line in ["Your number", "Procedure", "Copies", "Fee", "Keep this slip"] {
                #expect(english.contains(line))
                #expect(!text.contains(line), "\(language)")
            }
        }
    }

    @Test("a form of the longest name and address loses nothing, and every sheet bears the 管理番号 and its number")
    func longForm() throws {
        let name = String(repeating: "見本長名", count: 12) + "　" + String(repeating: "長大", count: 24)
        let address = "見本県見本市標本一丁目３番１号" + String(repeating: "長い方書", count: 250)
        let found = try inspector.inspect(rendering.render(PaperSamples.form(name: name, address: address)))
        #expect(found.pageCount > 1)
        for (index, text) in found.pageTexts.enumerated() {
            #expect(text.contains(try PaperSamples.control().printed))
            #expect(text.contains("\(index + 1) / \(found.pageCount)"))
        }
        let whole = found.pageTexts.joined()
        // One more stands in the addressee's title.
        #expect(whole.count { $0 == "長" } - 1 == name.count { $0 == "長" } + address.count { $0 == "長" })
        #expect(whole.count { $0 == "方" } == address.count { $0 == "方" })
    }

    @Test("what no font has is drawn as 〓, is said on the paper, and comes back as it was written")
    func substituted() throws {
        let name = "渡\u{E000}邉\u{E01EF}　子"
        let octets = try rendering.render(PaperSamples.form(name: name, address: "見本県\u{2EBF0}町"))
        let text = try inspector.inspect(octets).pageTexts[0]
        #expect(text.contains("代替文字を含みます"))
        #expect(text.contains("U+E000、U+2EBF0"))
        #expect(text.contains("U+9089 U+E01EF"))
        #expect(Array(text.unicodeScalars).firstRange(of: Array("渡\u{E000}邉\u{E01EF}".unicodeScalars)) != nil)
        let plain = try rendering.render(PaperSamples.form(name: "見本　花子", address: "見本県見本町"))
        #expect(try !inspector.inspect(plain).pageTexts[0].contains("代替文字"))
    }

    @Test(
        "日計: every count, the sums, the day in 和暦, fonts embedded; many procedures take several sheets with the head on each"
    )
    func daySheet() throws {
        let found = try inspector.inspect(rendering.render(PaperSamples.day()))
        #expect(found.pageCount == 1 && found.fontsAllEmbedded)
        let text = found.pageTexts[0].replacing("\n", with: " ")
        // 1,234 + 1,235 + 1,236; three rows of each other column.
        for sum in ["3,705", "4,500", "51", "1,350,900", "9", "1,800", "5,433", "36"] {
            #expect(text.contains("合計") && text.contains(sum), "\(sum)")
        }
        for word in ["令和8年11月24日", "見本県見本市", "住民票の写し", "申請の前に終わったもの", "450,300", "tray-2", "-7", "1 / 1"] {
            // A long name may stand in two lines.
            #expect(text.filter { !$0.isWhitespace }.contains(word.filter { !$0.isWhitespace }), "\(word)")
        }
        let long = try inspector.inspect(rendering.render(PaperSamples.day(rows: 60)))
        #expect(long.pageCount > 1)
        #expect(long.pageTexts.dropLast().allSatisfy { $0.filter { !$0.isWhitespace }.contains("無料・減免") })
        let empty = try inspector.inspect(rendering.render(PaperSamples.day(rows: 0)))
        #expect(empty.pageTexts[0].contains("合計"))
    }

    @Test("the same document gives the same octets, another one others")
    func deterministic() throws {
        let again = try PaperRendering()
        for document in [try PaperSamples.slip("ko"), try PaperSamples.receipt()] {
            #expect(try rendering.render(document) == again.render(document))
        }
        #expect(try rendering.render(PaperSamples.slip("en")) != rendering.render(PaperSamples.slip("vi")))
    }

    @Test(
        "和暦: the last day of an era and the first of the next, and the year 元",
        arguments: [
            (1868, 1, 25, "明治元年1月25日"), (1912, 7, 29, "明治45年7月29日"), (1912, 7, 30, "大正元年7月30日"),
            (1926, 12, 24, "大正15年12月24日"), (1926, 12, 25, "昭和元年12月25日"), (1989, 1, 7, "昭和64年1月7日"),
            (1989, 1, 8, "平成元年1月8日"), (2019, 4, 30, "平成31年4月30日"), (2019, 5, 1, "令和元年5月1日"),
            (2024, 2, 29, "令和6年2月29日"),
        ])
    func eras(year: Int, month: Int, day: Int, expected: String) throws {
        let labels = try #require(PaperLabels())
        let date = try #require(JapaneseDate(year: year, month: month, day: day))
        #expect(labels.text(date) == expected)
    }

    @Test("和暦 of dates that are known in part, and of what lies before 明治")
    func partialDates() throws {
        let labels = try #require(PaperLabels())
        #expect(JapaneseDate(year: 1868, month: 1, day: 24) == nil)
        #expect(JapaneseDate(year: .max, month: 1, day: 1) == nil && JapaneseDate(year: .min, month: 1, day: 1) == nil)
        #expect(JapaneseDate(year: 2026, month: .max, day: 1) == nil)
        #expect(labels.text(try #require(BirthDate(year: 1850))) == "1850年")
        #expect(labels.text(try #require(BirthDate(year: 1950, month: 5))) == "昭和25年5月日不詳（1950年）")
        #expect(labels.text(try #require(BirthDate(year: 1950))) == "昭和25年月日不詳（1950年）")
        // A minute before midnight UTC is the next day in Japan.
        let night = try #require(ValidationTime(CivilTime(year: 2019, month: 4, day: 30, hour: 15)))
        #expect(labels.text(night) == "令和元年5月1日 0時00分")
        #expect(labels.text(night, "en") == "2019-05-01 00:00")
    }

    @Test("a font that is not there is named, not replaced")
    func missingFont() {
        var fonts = FontFiles.debian
        fonts.register.path = "/nonexistent.ttf"
        #expect(throws: RenderingError.self) { try PaperRendering(fonts: fonts) }
    }
}
