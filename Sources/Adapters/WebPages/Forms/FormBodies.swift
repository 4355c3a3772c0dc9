internal import TerminalSession
internal import WireFormat

/// The middles of a form's screens.
extension Body {
    init(_ step: FormStep, _ words: Words) {
        switch step {
        case .loading(let unreached): self = .loading(unreached: unreached, words)
        case .choosing(let templates): self = .choosing(templates, words)
        case .way(let template): self = .way(template, words)
        case .typing(let template, let person, let faults): self = .typing(template, person, faults, words)
        case .filling(let template, let form, let inputs, let faults):
            self = .filling(template, form, inputs, faults, words)
        case .checking(let template, let form): self = .checking(template, form, words)
        case .printing:
            self = .working("form_printing_title", lead: "counter_progress_body", progress: 3, words)
        case .printed: self = .ended("form_printed", "confirmed", tone: "good", words)
        case .atTheWindow(let code, let staff):
            self = .ended("form_window", "attention", tone: "unsure", words)
            let own = ["form_window_\(code)_staff", "form_window_other_staff"].first(where: words.texts.has)
            values["staff"] = staff ?? own.map { words.texts[$0, .japanese] }
            values["code"] = code
        case .notPrinted: self = .ended("form_not_printed", "attention", tone: "unsure", words)
        case .perhapsPrinted: self = .ended("form_perhaps_printed", "attention", tone: "unsure", words)
        }
    }

    private static func choosing(_ templates: [FormTemplateBody], _ words: Words) -> Body {
        var body = Body(template: "form-choose", heading: "form_choose_title")
        body.progress = 0
        body.values = [
            "forms": templates.map { template -> [String: Any] in
                ["id": template.id, "name": words.label(template.names), "closed": !template.outputs.contains("print")]
            }
        ]
        body.announced = [words.plain("form_choose_note")]
        return body
    }

    private static func way(_ template: FormTemplateBody, _ words: Words) -> Body {
        var body = Body(template: "form-way", heading: "form_way_title")
        body.progress = 1
        body.values = [
            "name": words.label(template.names),
            "ways": FormWay.allCases.map { way in
                [
                    "id": way.rawValue, "label": words["form_way_\(way.rawValue)"],
                    "note": words["form_way_\(way.rawValue)_note"],
                ]
            },
        ]
        body.announced = [words.label(template.names)]
        return body
    }

    private static func typing(
        _ template: FormTemplateBody, _ person: TypedPerson, _ faults: [String: String], _ words: Words
    ) -> Body {
        var body = Body(template: "form-type", heading: "form_type_title")
        body.progress = 1
        let fields: [(String, String, String)] = [
            ("name", person.name, "text"), ("address", person.address, "text"),
            ("birthdate", person.birthDate, "date"),
        ]
        let documents = ["driving_licence", "residence_card", "passport", "other"]
        body.values = [
            "form": words.label(template.names),
            "fields": fields.map { name, value, type in
                words.row(
                    name: name, label: words["form_person_\(name)"], value: value, type: type,
                    fault: faults["/person/\(name)"])
            },
            "documents": documents.map { id in
                ["id": id, "label": words["form_document_\(id)"], "chosen": id == person.document] as [String: Any]
            },
        ]
        body.values["document_fault"] = faults["/person/document"].map { words.fault($0, of: "document") }
        let labels = fields.map { ("/person/\($0.0)", words["form_person_\($0.0)"]) }
        body.note(faults, labels + [("/person/document", words["form_document"])], words)
        body.announced.append(words.plain("form_type_lead"))
        return body
    }

    private static func filling(
        _ template: FormTemplateBody, _ form: FormBody, _ inputs: [String: FormInput], _ faults: [String: String],
        _ words: Words
    ) -> Body {
        var body = Body(template: "form-fill", heading: "form_fill_title")
        body.progress = 2
        var rows: [[String: Any]] = []
        var shown: Set<String> = []
        for field in template.entered {
            if let group = field.group.flatMap({ id in template.groups.first { $0.id == id } }) {
                guard shown.insert(group.id).inserted else { continue }
                rows.append(words.choices(group, template, inputs, fault: faults["/values/\(group.id)"]))
            } else {
                var text = ""
                if case .text(let given) = inputs[field.name] { text = given }
                var row = words.row(
                    name: "f.\(field.name)", label: words.escaped(field.labels), value: text,
                    type: field.kind == "date" ? "date" : "text", fault: faults["/values/\(field.name)"])
                row["required"] = field.required
                row["longest"] = String(field.longest)
                if field.kind == "check" {
                    row["field"] = nil
                    row["mark"] = true
                    row["chosen"] = inputs[field.name] == .checked
                }
                rows.append(row)
            }
        }
        body.values = [
            "form": words.label(template.names), "person": words.person(form), "rows": rows,
            "back_shown": form.isTyped,
        ]
        let places = template.entered.map { field in
            let group = template.groups.first { $0.id == field.group }
            return ("/values/\(group?.id ?? field.name)", words.escaped(group?.labels ?? field.labels))
        }
        body.note(faults, places, words)
        body.announced.append(words.plain("form_fill_lead"))
        return body
    }

    /// Says above the form what is to be corrected, by name: it may lie beneath what the screen shows.
    private mutating func note(_ faults: [String: String], _ labels: [(pointer: String, label: String)], _ words: Words)
    {
        guard !faults.isEmpty else { return }
        var seen: Set<String> = []
        let named = labels.filter { faults[$0.pointer] != nil && seen.insert($0.pointer).inserted }.map(\.label)
        values["faults_shown"] = true
        if !named.isEmpty {
            values["faulty"] = named.joined(separator: ["ja", "zh-Hans"].contains(words.language.tag) ? "、" : ", ")
        }
        announced = [words.plain("form_faults")] + named.map(PageTexts.plain)
    }

    private static func checking(_ template: FormTemplateBody, _ form: FormBody, _ words: Words) -> Body {
        var body = Body(template: "form-check", heading: "form_check_title")
        body.progress = 2
        let fields = Dictionary(
            template.fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let lines = form.fields.filter { $0.source != "substitutions" && $0.source != "basis" }.map { line in
            let label = fields[line.name].map { words.label($0.labels) } ?? line.name
            return ["label": label, "value": line.text, "own": line.source == "entered"] as [String: Any]
        }
        body.values = [
            "form": words.label(template.names), "lines": lines,
            "basis": words["form_basis_\(form.person?.source ?? "typed")"],
            "substituted": !form.substituted.isEmpty || form.person?.substitutedIn.isEmpty == false,
            "back_shown": !template.entered.isEmpty || form.isTyped,
        ]
        body.announced = [words.plain("form_check_lead")]
        return body
    }

    private static func ended(_ name: String, _ picture: String, tone: String, _ words: Words) -> Body {
        var body = Body(template: "form-printed", heading: "\(name)_title")
        (body.progress, body.tone) = (3, tone)
        body.values = [
            "picture": picture, "lead": words["\(name)_body"],
            "next": words[name == "form_printed" ? "form_printed_next" : "form_window_next"],
            "button": words["button_next"],
        ]
        if words.texts.has("\(name)_staff") { body.values["staff"] = words.texts["\(name)_staff", .japanese] }
        body.announced = [words.plain("\(name)_body"), PageTexts.plain(body.values["next"] as? String ?? "")]
        return body
    }
}

extension FormBody {
    /// Name and address can be corrected at the terminal.
    fileprivate var isTyped: Bool { person?.source == "typed" }
}

extension Words {
    /// A label of a form, in the language of the page or the nearest there is.
    func label(_ labels: [String: String]) -> String {
        let keys = [language.ofPapers.replacing("-", with: "_"), language.ofPapers, language.rawValue]
        let others = language == .japanese || language == .easyJapanese ? ["ja"] : ["en", "ja"]
        return (keys + others).lazy.compactMap { labels[$0] }.first ?? ""
    }

    /// As ``label(_:)``, as HTML with its kana marked.
    fileprivate func escaped(_ labels: [String: String]) -> String { html(label(labels)) }

    fileprivate func row(name: String, label: String, value: String, type: String, fault: String?) -> [String: Any] {
        var row: [String: Any] = [
            "field": true, "name": name, "label": label, "value": value, "type": type, "longest": "200",
        ]
        row["fault"] = fault.map { self.fault($0, of: name) }
        return row
    }

    /// The sentence beside an entry: one that names it, where there is one.
    fileprivate func fault(_ code: String, of name: String) -> String {
        let key = "form_fault_\(FormFaultWord(code).rawValue)"
        let own = "\(key)_\(name)"
        return self[texts.has(own) ? own : key]
    }

    fileprivate func choices(
        _ group: FormTemplateBody.Group, _ template: FormTemplateBody, _ inputs: [String: FormInput], fault: String?
    ) -> [String: Any] {
        var row: [String: Any] = [
            "group": group.id, "label": escaped(group.labels), "required": group.required,
            "marks": template.entered.filter { $0.group == group.id }.map { field in
                ["name": field.name, "label": escaped(field.labels), "chosen": inputs[field.name] == .checked]
                    as [String: Any]
            },
        ]
        row["fault"] = fault.map { self.fault($0, of: "choice") }
        return row
    }

    /// Name and address as they came, so that they are seen before anything is typed.
    fileprivate func person(_ form: FormBody) -> [[String: String]] {
        guard let person = form.person else { return [] }
        let born = person.birthdate.map(language.date)
        let lines = [("name", person.name), ("address", person.address), ("birthdate", born)]
        return lines.compactMap { key, value in value.map { ["label": self["form_person_\(key)"], "value": $0] } }
    }
}

/// What is wrong with an entry, in as many words as a page has.
enum FormFaultWord: String, CaseIterable {
    case missing
    case tooLong = "too_long"
    case other

    init(_ code: String) { self = FormFaultWord(rawValue: code) ?? .other }
}
