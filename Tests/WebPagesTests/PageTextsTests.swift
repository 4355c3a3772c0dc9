import CardProtocol
import CounterApplications
import MessageCatalogue
import TerminalSession
import Testing
import WebPages

/// The page's words: there is one for everything that can happen, in every language, and none can carry a script.
@Suite struct PageTextsTests {
    let pages: PageSet
    let catalogue: MessageStore

    init() throws {
        pages = try PageSet()
        catalogue = try MessageStore.standard()
    }

    @Test("every verdict and every trouble has a heading, a sentence, a next step and a line for the clerk")
    func outcomesAreComplete() {
        let names =
            KioskOutcome.Verdict.allCases.map { "outcome_\($0.rawValue)" }
            + KioskTrouble.allCases.map { "trouble_\($0.rawValue)" }
        for name in names {
            for key in [name, "\(name)_body", "\(name)_next"] {
                #expect(pages.texts.languages(of: key) == Set(PageLanguage.allCases.map(\.rawValue)), "\(key)")
            }
            #expect(pages.texts.has("\(name)_staff"), "\(name)")
        }
    }

    @Test("a text holds readings, breaks and emphasis and no other element")
    func textsAreHarmless() throws {
        let allowed: Set<Substring> = ["ruby", "rt", "rp", "br", "strong", "span"]
        for key in pages.texts.keys {
            for language in PageLanguage.allCases {
                let text = pages.texts[key, language]
                for element in text.matches(of: /<\/?([a-z]*)([^>]*)>/) {
                    let isMark = element.0 == #"<span lang="ja">"#
                    #expect(allowed.contains(element.1) && (element.2.isEmpty || isMark), "\(key): \(element.0)")
                }
                #expect(!pages.texts.plain(key, language).contains("<"), "\(key)")
            }
        }
    }

    @Test("every code of the terminal shows a state, with sentences of the catalogue for everybody")
    func codesAreShown() {
        for code in TerminalCode.allCases {
            guard case .trouble(_, let sentences)? = KioskStep(.failed(FlowFailure(code, triesLeft: 2)), catalogue)
            else {
                Issue.record("\(code)")
                continue
            }
            #expect(sentences["staff_ja"]?.isEmpty == false, "\(code)")
            #expect(sentences["resident_easy_ja"]?.contains("{tries}") == false, "\(code)")
        }
    }

    @Test("a name with markup in it is shown as it is written")
    func valuesAreEscaped() {
        let hostile = #"<img src=x onerror="alert(1)">"#
        let outcome = KioskOutcome(
            .confirmed, sentences: ["resident_ja": hostile, "staff_ja": hostile],
            details: [KioskOutcome.Detail(code: "name", value: hostile)])
        let html = pages.screen(KioskScreen(.step(.finished(outcome))), warning: 20)
        #expect(html.contains("&lt;img"))
        #expect(!html.contains("<img src=x"))
    }

    @Test("of a household every name is shown, as it is written, where it is chosen and where it is confirmed")
    func householdIsShown() {
        let hostile = #"<img src=x onerror="alert(1)">"#
        let members = [CounterMember(id: "m1", name: "見本　花子"), CounterMember(id: "m2", name: hostile)]
        let offer = CounterOffer(
            id: "p", kind: "resident_record", names: ["ja": "住民票の写し"], availability: .open,
            scopes: ["self", "selected"],
            details: [], fiscalYears: [], mostCopies: 1, unitFee: 300)
        let choice = CounterChoice(procedureID: "p", scope: "selected")
        for step in [
            CounterStep.members(members), .confirming(offer, choice, names: members.map(\.name), fee: 300),
        ] {
            let html = pages.screen(KioskScreen(.step(.counter(step))), warning: 20)
            #expect(html.contains("id=\"heading\"") && html.contains("見本　花子") && html.contains("&lt;img"))
            #expect(!html.contains("<img src=x"))
        }
    }

    @Test("An exemption is offered by its name in every language, and the order says that staff look at it")
    func exemptions() throws {
        let offer = CounterOffer(
            id: "p", kind: "resident_record", names: ["ja": "住民票の写し"], availability: .open, scopes: ["self"],
            details: [], fiscalYears: [], mostCopies: 5, unitFee: 300,
            exemptions: [
                .init(id: "pension", names: ["ja": "年金<b>", "en": "Pension"], unitFee: 0),
                // Takes nothing off.
                .init(id: "none", names: ["ja": "同じ額"], unitFee: 300),
            ])
        let choice = CounterChoice(procedureID: "p", scope: "self", copies: 2, exemption: "pension")
        for language in PageLanguage.allCases {
            let plain = html(.options(offer, CounterChoice(procedureID: "p", scope: "self")), language)
            let name =
                switch language {
                case .japanese, .easyJapanese: "年金&lt;b&gt;"
                case .english: "Pension"
                default: "<span lang=\"ja\">年金&lt;b&gt;</span>"
                }
            #expect(plain.contains(name) && !plain.contains("同じ額"), "\(language)")
            #expect(plain.contains(#"name="exemption" value="" data-unit-fee="300" checked"#), "\(language)")
            let order = html(.confirming(offer, choice, names: [], fee: offer.fee(of: choice)), language)
            let texts = try PageSet().texts
            #expect(order.contains(name) && order.contains("600 ") && order.contains(">0 "), "\(language)")
            #expect(order.contains(texts["counter_exemption_check", language]), "\(language)")
        }
        let usual = html(.confirming(offer, CounterChoice(procedureID: "p", scope: "self"), names: [], fee: 300))
        #expect(!usual.contains("係の者が確かめます") && !usual.contains("年金"))
        let bare = CounterOffer(
            id: "p", kind: "resident_record", names: ["ja": "住民票の写し"], availability: .open, scopes: ["self"],
            details: [], fiscalYears: [], mostCopies: 5, unitFee: 300)
        #expect(!html(.options(bare, choice)).contains("name=\"exemption\""))
    }

    private func html(_ step: CounterStep, _ language: PageLanguage = .japanese) -> String {
        var screen = KioskScreen(.step(.counter(step)))
        screen.language = language
        return pages.screen(screen, warning: 20)
    }

    @Test("an application that ended shows no code, only the number by which staff find the reason")
    func noCodeIsShown() {
        let codes =
            Voiding.Reason.allCases.map(\.rawValue) + IdentificationRefusal.allCases.map(\.code)
            + IssuerRefusal.allCases.map(\.rawValue) + ["not_sent", "counter_members_invalid", "counter_wrong_state"]
        for code in codes {
            let shown = html(.atTheWindow(CounterEnd(code: code, number: "K7M2-9PQX")))
            #expect(!shown.contains(code) && shown.contains("K7M2-9PQX"), "\(code)")
            #expect(!html(.atTheWindow(CounterEnd(code: code))).contains(code), "\(code)")
        }
        // What is said of a person's entry is said of a fault of the drawing, too: no sentence of its own.
        let neutral = html(.atTheWindow(CounterEnd(code: "needs_counter", number: "K7M2-9PQX")))
        for code in ["name_not_confirmed", "issue_mismatch", "counter_members_invalid"] {
            #expect(html(.atTheWindow(CounterEnd(code: code, number: "K7M2-9PQX"))) == neutral, "\(code)")
        }
        for delay in CounterDelay.allCases {
            #expect(!html(.late(delay, number: nil)).contains("counter_"))
        }
    }

    @Test("nobody is told that nothing was printed when something may have been")
    func nothingPrinted() {
        let said = pages.texts["counter_window_body", .japanese]
        for code in ["staff_cancelled", "spoilt", "not_collected"] {
            #expect(!html(.atTheWindow(CounterEnd(code: code, number: "K7M2-9PQX"))).contains(said), "\(code)")
        }
        for delay in CounterDelay.allCases { #expect(!html(.late(delay, number: nil)).contains(said)) }
        #expect(html(.atTheWindow(CounterEnd(code: "timed_out"))).contains(said))
    }

    @Test("an application's sentences for the resident are there in every language")
    func applicationIsComplete() {
        for key in pages.texts.keys where key.hasPrefix("counter_") && !key.hasPrefix("counter_staff") {
            #expect(pages.texts.languages(of: key) == Set(PageLanguage.allCases.map(\.rawValue)), "\(key)")
        }
        for delay in CounterDelay.allCases { #expect(pages.texts.has("counter_staff_late_\(delay.rawValue)")) }
    }

    @Test("a queued check is never shown as a verified one, whatever sentences come with it")
    func queuedIsUnverified() {
        let outcome = KioskOutcome(.queued, sentences: ["resident_ja": "有効です", "staff_ja": "未確認です"])
        let html = pages.screen(KioskScreen(.step(.finished(outcome))), warning: 20)
        #expect(html.contains("未確認（復旧後に一括確認）"))
        #expect(!html.contains("有効です") && !html.contains("confirmed.svg"))
    }

    @Test("a key of a page is known, replaced or foreign")
    func pageKeys() {
        let key = PageKey(start: PageKey.random(), page: PageKey.random())
        #expect(key.standing(of: key.text) == .newest)
        #expect(key.standing(of: key.start + "." + PageKey.random()) == .replaced)
        for foreign in [nil, "", key.page, PageKey.random() + "." + key.page] {
            #expect(key.standing(of: foreign) == .foreign)
        }
        #expect(key.start.count == 32 && key.start != key.page)
    }
}
