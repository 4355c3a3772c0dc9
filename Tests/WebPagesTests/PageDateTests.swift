import Testing
import WebPages

/// A date on a page, as the person who looks it over writes it.
@Suite struct PageDateTests {
    @Test(
        "a day of birth stands in the era that its bearer knows, also on the days on which an era changed",
        arguments: [
            ("1943-12-31", "昭和18年12月31日"), ("1989-01-07", "昭和64年1月7日"), ("1989-01-08", "平成元年1月8日"),
            ("1912-07-30", "大正元年7月30日"), ("2019-05-01", "令和元年5月1日"),
        ])
    func eras(_ text: String, _ written: String) {
        #expect(PageLanguage.japanese.date(text) == written)
        #expect(PageLanguage.easyJapanese.date(text) == written)
    }

    @Test(
        "other languages write it in their own way",
        arguments: [
            (.english, "May 3, 1990"), (.simplifiedChinese, "1990年5月3日"), (.korean, "1990년 5월 3일"),
            (.brazilianPortuguese, "3 de maio de 1990"), (.vietnamese, "ngày 3 tháng 5, 1990"),
        ] as [(PageLanguage, String)])
    func languages(_ language: PageLanguage, _ written: String) {
        #expect(language.date("1990-05-03") == written)
    }

    @Test(
        "what is no full date stays as it came",
        arguments: ["", "1990", "1990-05", "1990-02-30", "0000-05-03", "1990/05/03", "見本花子見本花子見本", "１９９０年"])
    func partial(_ text: String) {
        for language in PageLanguage.allCases { #expect(language.date(text) == text) }
    }
}
