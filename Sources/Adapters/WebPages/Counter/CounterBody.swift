internal import TerminalSession

/// The middles of an application's screens.
extension Body {
    init(_ step: CounterStep, _ words: Words) {
        switch step {
        case .loading(let unreached): self = .loading(unreached: unreached, words)
        case .choosing(let offers): self = .choosing(offers, words)
        case .options(let offer, let choice): self = .options(offer, choice, words)
        case .members(let household): self = .members(household, words)
        case .confirming(let offer, let choice, let names, let fee):
            self = .confirming(offer, choice, names, fee, words)
        case .progress(let stage):
            self = .working("counter_\(stage.rawValue)_title", lead: "counter_progress_body", progress: 4, words)
        case .late(let delay, let number): self = .late(delay, number, words)
        case .receipt(let number, let notice): self = .receipt(number, notice, words)
        case .atTheWindow(let end): self = .ended(end, words)
        }
    }

    /// What is shown while the centre or a printer works.
    static func working(_ heading: String, lead: String, progress: Int? = nil, _ words: Words) -> Body {
        var body = Body(template: "working", heading: heading)
        body.progress = progress
        body.values = ["lead": words[lead]]
        body.announced = [words.plain(lead)]
        return body
    }

    /// What is shown until the centre has said what there is.
    static func loading(unreached: Bool, _ words: Words) -> Body {
        var body = working("counter_loading_title", lead: "counter_loading_body", words)
        if unreached { body.values["staff"] = words.texts["counter_staff_loading", .japanese] }
        return body
    }

    private static func choosing(_ offers: [CounterOffer], _ words: Words) -> Body {
        var body = Body(template: "counter-choose", heading: "counter_choose_title")
        body.progress = 0
        body.values = [
            "offers": offers.map { offer -> [String: Any] in
                var row: [String: Any] = [
                    "id": offer.id, "name": offer.name(words.language), "fee": String(offer.unitFee),
                ]
                switch offer.availability {
                case .open: break
                case .closed: row["closed"] = words["counter_closed"]
                case .plannedStop: row["closed"] = words["counter_planned_stop"]
                }
                return row
            }
        ]
        body.announced = [words.plain("counter_choose_note")]
        return body
    }

    private static func options(_ offer: CounterOffer, _ choice: CounterChoice, _ words: Words) -> Body {
        var body = Body(template: "counter-options", heading: "counter_options_title")
        body.progress = 0
        let scopes = offer.scopes
        body.values = [
            "name": offer.name(words.language), "unit_fee": String(offer.unitFee), "most": String(offer.mostCopies),
            "fewer": words.plain("counter_fewer"), "more": words.plain("counter_more"),
            "scopes_shown": scopes.count > 1, "details_shown": !offer.details.isEmpty,
            "years_shown": !offer.fiscalYears.isEmpty,
            "scopes": scopes.map { scope in
                ["id": scope, "label": words["counter_scope_\(scope)"], "chosen": scope == choice.scope]
                    as [String: Any]
            },
            "details": offer.details.map { ["id": $0, "label": words["counter_detail_\($0)"]] },
            "exemptions_shown": !offer.exemptions.isEmpty, "unclaimed": offer.exemption(of: choice) == nil,
            "exemptions": offer.exemptions.map { exemption in
                [
                    "id": exemption.id, "label": exemption.name(words), "unit_fee": String(exemption.unitFee),
                    "chosen": exemption.id == choice.exemption,
                ] as [String: Any]
            },
            "years": offer.fiscalYears.map { year in
                ["year": String(year), "label": words.fiscalYear(year), "chosen": year == choice.fiscalYear]
                    as [String: Any]
            },
        ]
        if scopes.count == 1, let only = scopes.first { body.values["one_scope"] = only }
        body.announced = [offer.name(words.language)]
        return body
    }

    private static func members(_ household: [CounterMember], _ words: Words) -> Body {
        var body = Body(template: "counter-members", heading: "counter_members_title")
        body.progress = 3
        body.values = ["members": household.map { ["id": $0.id, "name": $0.name] }]
        body.announced = [words.plain("counter_members_lead")]
        return body
    }

    private static func confirming(
        _ offer: CounterOffer, _ choice: CounterChoice, _ names: [String], _ fee: Int, _ words: Words
    ) -> Body {
        var body = Body(template: "counter-confirm", heading: "counter_confirm_title")
        body.progress = 3
        var lines: [(String, String)] = [("counter_certificate_label", offer.name(words.language))]
        if offer.scopes.count > 1 {
            lines.append(("counter_scope_label", words["counter_scope_\(choice.scope)"]))
        }
        if !names.isEmpty {
            let shown = names.map { "<span lang=\"ja\">\(words.escaped($0))</span>" }
            lines.append(("counter_members_label", shown.joined(separator: "<br>")))
        }
        if let year = choice.fiscalYear { lines.append(("counter_year_label", words.fiscalYear(year))) }
        if !offer.details.isEmpty {
            let shown = offer.details.filter(choice.details.contains).map { words["counter_detail_\($0)"] }
            lines.append(
                ("counter_details_label", shown.isEmpty ? words["counter_nothing_shown"] : words.list(shown)))
        }
        lines.append(("counter_copies_label", "\(choice.copies) \(words["counter_copies_unit"])"))
        let yen = words["counter_yen"]
        if let claimed = offer.exemption(of: choice) {
            // What it costs once staff have looked, and what it costs if they find otherwise.
            lines.append(("counter_exemption_label", claimed.name(words)))
            lines.append(("counter_fee_label", "\(fee) \(yen)<br>\(words["counter_exemption_check"])"))
            lines.append(("counter_exemption_otherwise", "\(offer.unitFee * choice.copies) \(yen)"))
        } else {
            lines.append(("counter_fee_label", "\(fee) \(yen)"))
        }
        body.values = ["lines": lines.map { ["label": words[$0.0], "value": $0.1] }]
        body.announced = lines.map { "\(words.plain($0.0)): \(PageTexts.plain($0.1))" }
        return body
    }

    private static func receipt(_ number: String, _ notice: CounterNotice?, _ words: Words) -> Body {
        var body = Body(template: "counter-receipt", heading: "counter_receipt_title")
        (body.progress, body.tone) = (4, "good")
        body.values = ["number": number, "button": words["button_next"], "degraded": notice == .degraded]
        body.announced = [
            "\(words.plain("counter_receipt_number")) \(number)", words.plain("counter_receipt_lead"),
            words.plain("counter_receipt_next"), words.plain("counter_card_reminder"),
        ]
        if notice == .degraded { body.announced.append(words.plain("counter_degraded")) }
        return body
    }

    private static func late(_ delay: CounterDelay, _ number: String?, _ words: Words) -> Body {
        let name = delay == .printer ? "counter_late" : "counter_line"
        return window(
            name, lead: delay == .unsure ? "counter_unsure_body" : "counter_late_body", next: "counter_late_next",
            number: number.map { ("counter_receipt_number", $0) },
            staff: words.texts["counter_staff_late_\(delay.rawValue)", .japanese], words)
    }

    private static func ended(_ end: CounterEnd, _ words: Words) -> Body {
        let own = "counter_staff_\(end.code)"
        let neutral = end.number == nil ? "counter_staff_unnumbered" : "counter_staff"
        return window(
            "counter_window", lead: end.papers == .none ? "counter_window_body" : "counter_voided_body",
            next: end.papers == .none ? "counter_window_next" : "counter_voided_next",
            number: end.number.map { ("counter_window_number", $0) },
            staff: end.staff ?? words.texts[words.texts.has(own) ? own : neutral, .japanese], words)
    }

    /// What sends a resident to the window. No code stands there: a code that the clerk can read is one that whoever
    /// stands beside can look up.
    private static func window(
        _ name: String, lead: String, next: String, number: (label: String, value: String)?, staff: String,
        _ words: Words
    ) -> Body {
        var body = Body(template: "counter-window", heading: "\(name)_title")
        body.tone = "unsure"
        body.values = [
            "lead": words[lead], "next": words[next], "staff": staff, "button": words["button_next"],
        ]
        body.announced = [words.plain(lead), words.plain(next)]
        if let number {
            body.values["number"] = ["label": words[number.label], "value": number.value]
            body.announced.append("\(words.plain(number.label)) \(number.value)")
        }
        return body
    }
}

extension CounterOffer {
    /// A configuration writes `ja_easy` or `ja-easy` alike.
    func name(_ language: PageLanguage) -> String {
        let keys = [language.ofPapers, language.ofPapers.replacing("-", with: "_"), language.rawValue, "ja"]
        return keys.lazy.compactMap { names[$0] }.first ?? id
    }
}

extension CounterOffer.Exemption {
    /// As HTML; in Japanese, and marked so, where the configuration has no other language.
    func name(_ words: Words) -> String {
        let language = words.language
        let own = [language.ofPapers, language.ofPapers.replacing("-", with: "_"), language.rawValue]
        if let name = own.lazy.compactMap({ names[$0] }).first { return words.escaped(name) }
        let japanese = words.escaped(names["ja"] ?? id)
        return [.japanese, .easyJapanese].contains(language) ? japanese : "<span lang=\"ja\">\(japanese)</span>"
    }
}

extension Words {
    /// Each on a line of its own: names of what is on a certificate are long, and differ in one word.
    func list(_ items: [String]) -> String { items.joined(separator: "<br>") }

    /// 令和8年度（2026） in Japanese; the year of the common era first elsewhere.
    func fiscalYear(_ year: Int) -> String {
        let era = year >= 2_019 ? "令和\(year == 2_019 ? "元" : String(year - 2_018))" : "平成\(year - 1_988)"
        switch language {
        case .japanese: return "\(era)年度（\(year)）"
        case .easyJapanese: return "\(year)年度（\(era)年度）"
        default: return "\(year)（\(era)年度）"
        }
    }
}
