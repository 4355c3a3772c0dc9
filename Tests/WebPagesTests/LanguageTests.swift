import MessageCatalogue
import Testing
import WebPages

/// Seven languages: nothing that a resident reads is missing in one of them.
@Suite struct LanguageTests {
    let pages: PageSet
    let catalogue: MessageStore

    init() throws {
        pages = try PageSet()
        catalogue = try MessageStore.standard()
    }

    static let sound = [
        "ja": "残り{tries}回です。", "easy": "あと {tries}回 できます。", "en": "{tries} tries left.",
        "zh": "还可以输入{tries}次。", "ko": "{tries}번 남았습니다.", "pt": "Tentativas restantes: {tries}.",
        "vi": "Còn được nhập {tries} lần.",
    ]

    @Test(
        "a text that is missing, that has lost a placeholder, or that was left in English or Japanese, is found",
        arguments: [
            ("vi", nil, "vi is missing"), ("ko", " ", "ko is missing"),
            ("pt", "Tentativas restantes.", "pt has other placeholders"),
            ("zh", "还可以输入{count}次。", "zh has other placeholders"),
            ("ko", "カード를 {tries}번", "ko holds Japanese outside brackets"),
            ("vi", "暗証番号 {tries}", "vi holds Japanese outside brackets"),
            ("zh", "暗証番号还可以输入{tries}次", "zh holds Japanese outside brackets"),
            ("zh", "{tries} tries left.", "zh holds English"), ("ko", "{tries} tries", "ko holds English"),
            ("pt", "{tries} tries. Take your card.", "pt holds English"),
        ] as [(String, String?, String)])
    func defectsAreFound(_ language: String, _ text: String?, _ fault: String) {
        #expect(LanguageRules.faults(LanguageTests.sound) == [])
        var columns = LanguageTests.sound
        columns[language] = text
        #expect(LanguageRules.faults(columns) == [fault])
    }

    @Test("every text of the page that is not the clerk's is there in every language, in that language")
    func pageTexts() {
        let clerks: Set<String> = ["no_script", "reader_staff", "staff_heading"]
        for key in pages.texts.keys where key != "language_name" {
            if clerks.contains(key) || key.hasSuffix("_staff") || key.contains("_staff_") {
                #expect(pages.texts.languages(of: key) == ["ja"], "\(key)")
                continue
            }
            let there = pages.texts.languages(of: key)
            var columns: [String: String] = [:]
            for language in PageLanguage.allCases where there.contains(language.rawValue) {
                columns[language.rawValue] = pages.texts[key, language]
            }
            #expect(LanguageRules.faults(columns) == [], "\(key)")
        }
    }

    @Test("every sentence of the catalogue for residents is there in every language, in that language")
    func catalogueSentences() throws {
        for key in catalogue.keys {
            var columns: [String: String] = [:]
            for language in PageLanguage.allCases {
                let audience = try #require(Audience(rawValue: language.audience))
                columns[language.rawValue] = catalogue.sentence(key, for: audience)
            }
            #expect(LanguageRules.faults(columns) == [], "\(key)")
        }
    }

    @Test("languages have names, audiences and actions of their own")
    func languages() {
        let names = PageLanguage.allCases.map { pages.texts["language_name", $0] }
        #expect(names == ["日本語", "やさしい日本語", "English", "中文（简体）", "한국어", "Português", "Tiếng Việt"])
        #expect(Set(PageLanguage.allCases.map(\.audience)).count == 7)
        let html = pages.screen(KioskScreen(), warning: 20)
        for language in PageLanguage.allCases {
            #expect(html.contains(#"lang="\#(language.tag)" data-action="language-\#(language.rawValue)""#))
        }
    }

    @Test("what a text tells people to press is what stands on the button")
    func buttons() {
        for language in PageLanguage.allCases where language != .easyJapanese {
            #expect(pages.texts.plain("tries_note", language).contains(pages.texts["button_stop", language]))
            for key in ["secret_short_four_digits", "secret_short_password"] {
                #expect(pages.texts.plain(key, language).contains(pages.texts["key_enter", language]), "\(key)")
            }
        }
    }

    @Test("kana in a sentence of another language are marked as Japanese, and nothing else is let through")
    func kanaAreMarked() {
        var screen = KioskScreen(
            .step(.trouble(.foreignCard, sentences: ["resident_ko": "카드<b>(マイナンバーカード)&'", "staff_ja": "職員"])))
        screen.language = .korean
        let html = pages.screen(screen, warning: 20)
        #expect(html.contains("카드&lt;b&gt;(<span lang=\"ja\">マイナンバーカード</span>)&amp;&#39;</p>"))
        #expect(html.contains(#"<div class="view" lang="ko""#))
    }

    @Test("a sentence that a platform does not have in the person's language gives way to the page's own words")
    func missingSentence() {
        var screen = KioskScreen(.step(.finished(KioskOutcome(.refused, sentences: ["resident_ja": "使えません"]))))
        screen.language = .vietnamese
        let html = pages.screen(screen, warning: 20)
        #expect(html.contains("Nhân viên sẽ hướng dẫn quý vị cách khác.") && !html.contains("使えません"))
    }
}
