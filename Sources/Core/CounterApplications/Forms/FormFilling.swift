package import PKIX

/// What a resident gave for one field.
package enum FormEntry: Hashable, Sendable {
    /// Also a date, as `YYYY-MM-DD`.
    case text(String)
    case checked
}

/// Why something does not go onto a form. No value is in it.
package struct FormFault: Error, Hashable, Sendable {
    package enum Code: String, CaseIterable, Hashable, Sendable {
        case missing
        case unknownField = "unknown_field"
        case wrongType = "wrong_type"
        /// A character that is no writing, or no date.
        case notAllowed = "not_allowed"
        case tooLong = "too_long"
        /// A value that comes from elsewhere, or two marks of which one at most is set.
        case conflict
    }

    package enum Place: Hashable, Sendable {
        case entry(String)
        case group(String)
        case person(FormSource)
    }

    package let place: Place
    package let code: Code

    package init(_ place: Place, _ code: Code) { (self.place, self.code) = (place, code) }
}

/// Whether a form may still be incomplete.
package enum FormStage: Hashable, Sendable {
    /// Looked over: what is missing is told.
    case draft
    /// Goes onto paper: what is missing is a fault.
    case final
}

/// What stands on a form.
package struct FormContents: Hashable, Sendable {
    package let values: [String: FormValue]
    /// Fields and groups that are still to be filled in; empty in a final form.
    package let missing: [String]
}

/// Why a form is not filled in: every fault, never none.
package struct FormRefusal: Error, Hashable, Sendable {
    package let faults: [FormFault]
}

extension FormOutline {
    /// What a resident entered, checked by itself: before any proof is judged, so that a mistyped date costs no PIN.
    package func check(_ entries: [String: FormEntry], for stage: FormStage) throws(FormRefusal) {
        let faults = entryFaults(entries) + (stage == .final ? missing(entries).map { FormFault($0, .missing) } : [])
        guard faults.isEmpty else { throw FormRefusal(faults: faults) }
    }

    /// What goes onto the form.
    ///
    /// - Throws: every fault; texts of a certificate or a card are checked as those of people are.
    package func contents(
        of person: FormPerson, _ entries: [String: FormEntry], at time: ValidationTime, for stage: FormStage
    ) throws(FormRefusal) -> FormContents {
        try check(entries, for: stage)
        var values: [String: FormValue] = [:]
        var faults: [FormFault] = []
        let civil = time.japanese
        for field in fields {
            switch field.source {
            case .entered: values[field.name] = entries[field.name].flatMap { value($0, field) }
            case .today:
                values[field.name] = BirthDate(year: civil.year, month: civil.month, day: civil.day).map { .date($0) }
            default:
                let value = person.value(field.source)
                if case .text(let text) = value, let code = FormOutline.fault(text, longest: FormField.longestText) {
                    faults.append(FormFault(.person(field.source), code))
                } else if value == nil, field.need == .required {
                    faults.append(FormFault(.person(field.source), .missing))
                }
                values[field.name] = value
            }
        }
        guard faults.isEmpty else { throw FormRefusal(faults: Array(Set(faults))) }
        let missing = missing(entries).map { place -> String in
            switch place {
            case .entry(let name), .group(let name): name
            case .person(let source): source.word
            }
        }
        return FormContents(values: values, missing: missing)
    }

    private func entryFaults(_ entries: [String: FormEntry]) -> [FormFault] {
        let known = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var faults: [FormFault] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            guard let field = known[name] else {
                faults.append(FormFault(.entry(name), .unknownField))
                continue
            }
            guard field.source == .entered else {
                faults.append(FormFault(.entry(name), .conflict))
                continue
            }
            if let code = fault(entry, field) { faults.append(FormFault(.entry(name), code)) }
        }
        for group in groups {
            let set = fields.filter { $0.group == group.id && entries[$0.name] == .checked }
            if set.count > 1 { faults.append(FormFault(.group(group.id), .conflict)) }
        }
        return faults
    }

    private func missing(_ entries: [String: FormEntry]) -> [FormFault.Place] {
        let fields = fields.filter { $0.source == .entered && $0.need == .required && entries[$0.name] == nil }
        let groups = groups.filter { group in
            group.need == .required
                && !self.fields.contains { $0.group == group.id && entries[$0.name] == .checked }
        }
        return groups.map { .group($0.id) } + fields.map { .entry($0.name) }
    }

    private func fault(_ entry: FormEntry, _ field: FormField) -> FormFault.Code? {
        switch (field.kind, entry) {
        case (.text, .text(let text)): FormOutline.fault(text, longest: field.longest)
        case (.date, .text(let text)): BirthDate(text: text)?.day == nil ? .notAllowed : nil
        case (.check, .checked): nil
        default: .wrongType
        }
    }

    private func value(_ entry: FormEntry, _ field: FormField) -> FormValue? {
        switch (field.kind, entry) {
        case (.text, .text(let text)): .text(text)
        case (.date, .text(let text)): BirthDate(text: text).map { .date($0) }
        case (.check, .checked): .checked
        default: nil
        }
    }

    /// Why a text is not written: too long, blank, or with something in it that is no writing, such as a control or a
    /// character that turns the order of reading round.
    private static func fault(_ text: String, longest: Int) -> FormFault.Code? {
        guard text.unicodeScalars.count <= longest * 4, text.count <= longest else { return .tooLong }
        guard text.contains(where: { !$0.isWhitespace }) else { return .notAllowed }
        let isWriting = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: !scalar.properties.isNoncharacterCodePoint
            }
        }
        return isWriting ? nil : .notAllowed
    }
}
