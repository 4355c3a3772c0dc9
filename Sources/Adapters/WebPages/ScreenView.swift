/// A screen as the templates take it.
struct ScreenView {
    let template: String
    let context: [String: Any]

    init(_ screen: KioskScreen, texts: PageTexts, keypad: KeypadOrder, service: PageService) {
        let words = Words(texts: texts, language: screen.language)
        let body =
            switch screen.shown {
            case .wiped(let reason): Body.wiped(reason, words)
            case .step(let step): Body(step, on: screen.occasion, words, keypad)
            }
        template = body.template
        var context: [String: Any] = body.values
        var shown = texts.all(screen.language)
        shown["brand"] = words[service.brand]
        context["t"] = shown
        context["language"] = screen.language.rawValue
        context["tag"] = screen.language.tag
        context["title"] = words.plain(service.brand)
        context["announce"] = ([words.plain(body.heading)] + body.announced).filter { !$0.isEmpty }.joined(
            separator: " ")
        context["heading"] = words[body.heading]
        context["tone"] = body.tone
        context["languages_label"] = words.plain("languages_label")
        context["languages"] = PageLanguage.allCases.map { language in
            [
                "code": language.rawValue, "tag": language.tag, "name": texts["language_name", language],
                "pressed": language == screen.language ? "true" : "false",
            ]
        }
        context["staff_heading"] = texts["staff_heading", .japanese]
        context["steps_label"] = words.plain("steps_label")
        context["steps_shown"] = body.progress != nil
        var current = body.progress ?? 0
        if !screen.isOfApplication { current = service.place(ofIdentification: current) }
        context["steps"] = ScreenView.steps(service.steps, at: current, words)
        if let seconds = screen.secondsLeft { context["seconds"] = String(seconds) }
        if let seconds = screen.secondsAnew { context["anew"] = String(seconds) }
        context["offline"] = screen.line.state == .offline
        if screen.line.waiting > 0 { context["waiting"] = String(screen.line.waiting) }
        self.context = context
    }

    private static func steps(_ keys: [String], at current: Int, _ words: Words) -> [[String: Any]] {
        keys.enumerated().map { index, key in
            [
                "number": String(index + 1), "label": words[key], "current": index == current, "done": index < current,
                "state": index < current ? "done" : index == current ? "current" : "to-come",
            ]
        }
    }
}

/// The texts in one language.
struct Words {
    let texts: PageTexts
    let language: PageLanguage

    subscript(key: String) -> String { texts[key, language] }

    func plain(_ key: String) -> String { texts.plain(key, language) }

    /// A sentence of the catalogue as HTML: escaped, and kana in another language marked as Japanese (WCAG 3.1.2).
    func html(_ sentence: String) -> String {
        var html = ""
        var isKana = false
        for character in sentence {
            let kana = language.tag != "ja" && character.unicodeScalars.allSatisfy { (0x3041...0x30ff) ~= $0.value }
            if kana != isKana { html += kana ? "<span lang=\"ja\">" : "</span>" }
            isKana = kana
            html += Words.escapes[character] ?? String(character)
        }
        return isKana ? html + "</span>" : html
    }

    /// A text of a register: never markup, and what is Japanese in it is not marked.
    func escaped(_ text: String) -> String {
        text.map { Words.escapes[$0] ?? String($0) }.joined()
    }

    private static let escapes: [Character: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ]
}

/// In which order the digits stand on the keypad.
package enum KeypadOrder: Hashable, Sendable {
    case usual
    /// Anew for each person. Keys keep their names, and a keyboard works as ever.
    case shuffled

    func digits() -> [String] {
        let digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]
        return self == .shuffled ? digits.shuffled() : digits
    }
}

extension KioskScreen {
    /// Whether the step is one of an application rather than of its identification.
    fileprivate var isOfApplication: Bool {
        switch shown {
        case .step(.counter), .step(.form): true
        default: false
        }
    }
}
