/// The middle of a screen: its template, the texts' keys, and what else the template takes.
struct Body {
    var template: String
    /// Key of the heading.
    var heading: String
    /// `calm`, `good`, `bad`, `unsure`, `queued`: the colour beside the words.
    var tone = "calm"
    /// Which of card, secret, result; nil shows none.
    var progress: Int?
    /// Said by a screen reader after the heading.
    var announced: [String] = []
    var values: [String: Any] = [:]

    init(template: String, heading: String) { (self.template, self.heading) = (template, heading) }

    static func wiped(_ reason: WipeReason, _ words: Words) -> Body {
        var body = Body(template: "wiped", heading: reason == .asked ? "wiped_title" : "wiped_time_out")
        body.values = ["lead": words["wiped_body"]]
        body.announced = [words.plain("wiped_body")]
        return body
    }

    init(_ step: KioskStep, on occasion: KioskOccasion, _ words: Words, _ keypad: KeypadOrder) {
        switch step {
        case .readerMissing:
            self = .still(words, "reader", picture: "reader-missing", on: occasion)
            values["staff"] = words.texts["reader_staff", .japanese]
        case .waitingForCard: self = .waiting(words, "waiting_body", on: occasion)
        case .waitingForCardItself: self = .waiting(words, "waiting_itself_body", on: occasion)
        case .takeCard:
            let body = occasion == .underway ? "take_again_body" : "take_body"
            self = .still(words, "take", body: body, picture: "take-card", on: occasion)
        case .reading: self = .busy(words, "reading_title", progress: 0)
        case .working: self = .busy(words, "working_title", progress: 2)
        case .secretNeeded(let prompt): self = .secret(prompt, words, keypad)
        case .finished(let outcome): self = .finished(outcome, words)
        case .trouble(let trouble, let sentences): self = .trouble(trouble, sentences, words)
        case .counter(let step): self = Body(step, words)
        case .form(let step): self = Body(step, words)
        }
    }

    private static func waiting(_ words: Words, _ lead: String, on occasion: KioskOccasion) -> Body {
        var body = still(words, "waiting", body: lead, picture: "place-card", on: occasion)
        body.values["next"] = words["waiting_next"]
        body.progress = 0
        return body
    }

    private static func still(
        _ words: Words, _ name: String, body lead: String? = nil, picture: String, on occasion: KioskOccasion
    ) -> Body {
        let lead = lead ?? "\(name)_body"
        var body = Body(template: "waiting", heading: "\(name)_title")
        // Whoever has chosen something can give it up.
        body.values = ["picture": picture, "lead": words[lead], "stop_shown": occasion == .underway]
        body.announced = [words.plain(lead)]
        return body
    }

    private static func busy(_ words: Words, _ heading: String, progress: Int) -> Body {
        var body = Body(template: "working", heading: heading)
        body.values = ["lead": words["working_body"]]
        body.announced = [words.plain("working_body")]
        body.progress = progress
        return body
    }

    private static func secret(_ prompt: SecretPrompt, _ words: Words, _ keypad: KeypadOrder) -> Body {
        let kind = prompt.kind.rawValue
        var body = Body(template: "secret", heading: "secret_title_\(kind)")
        body.progress = 1
        var keys = keypad.digits()
        let last = keys.removeLast()
        if prompt.kind == .password {
            keys.append(last)
            keys += (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }
        }
        body.values = [
            "kind": kind, "hint": words["secret_hint_\(kind)"], "label": words["secret_label_\(kind)"],
            "short": words["secret_short_\(kind)"], "wrong": prompt.attempt == .afterWrong,
            "tries": String(prompt.triesLeft), "keys": keys, "keypad_label": words.plain("keypad_label"),
            "on_page": prompt.place == .page, "reader_keys": words["secret_reader_keys"],
            "least": String(prompt.kind.lengths.lowerBound), "most": String(prompt.kind.lengths.upperBound),
        ]
        if prompt.kind != .password { body.values["last_digit"] = last }
        let tries = "\(words.plain("tries_before")) \(prompt.triesLeft) \(words.plain("tries_after"))"
        body.announced = (prompt.attempt == .afterWrong ? [words.plain("secret_wrong")] : []) + [tries]
        return body
    }

    private static func finished(_ outcome: KioskOutcome, _ words: Words) -> Body {
        let name = "outcome_\(outcome.verdict.rawValue)"
        var body = Body(template: "finished", heading: name)
        body.progress = 2
        body.tone =
            switch outcome.verdict {
            case .confirmed: "good"
            case .refused: "bad"
            case .undetermined: "unsure"
            case .queued: "queued"
            }
        body.values = [
            "button": words["button_next"], "picture": outcome.verdict.rawValue, "lead": words["\(name)_body"],
            "next": words["\(name)_next"],
            "staff": outcome.sentences["staff_ja"] ?? words.texts["\(name)_staff", .japanese],
            "notices": outcome.notices.compactMap { $0[words.language.audience] }.map(words.html),
            "staff_notices": outcome.notices.compactMap { $0["staff_ja"] }, "details_shown": !outcome.details.isEmpty,
            "details": outcome.details.map { ["label": words["detail_\($0.code)"], "value": $0.value] },
        ]
        // The queue's own words are the page's: what has not been verified has no sentence of a verdict.
        if outcome.verdict != .queued, let sentence = outcome.sentences[words.language.audience] {
            body.values["sentence"] = words.html(sentence)
            body.announced = [sentence]
        } else {
            body.announced = [words.plain("\(name)_body")]
        }
        body.announced += outcome.notices.compactMap { $0[words.language.audience] } + [words.plain("\(name)_next")]
        return body
    }

    private static func trouble(_ trouble: KioskTrouble, _ sentences: [String: String], _ words: Words) -> Body {
        let name = "trouble_\(trouble.rawValue)"
        var body = Body(template: "finished", heading: name)
        body.tone = "unsure"
        body.values = [
            "picture": "attention", "lead": words["\(name)_body"], "next": words["\(name)_next"],
            "staff": sentences["staff_ja"] ?? words.texts["\(name)_staff", .japanese], "details_shown": false,
        ]
        body.values["button"] = words[trouble.isRetried ? "button_again" : "button_next"]
        body.values["sentence"] = sentences[words.language.audience].map(words.html)
        body.announced = [
            sentences[words.language.audience] ?? words.plain("\(name)_body"), words.plain("\(name)_next"),
        ]
        return body
    }
}
