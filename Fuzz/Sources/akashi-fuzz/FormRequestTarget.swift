import CounterApplications
import PKIX
import WireFormat

/// A request for a filled form, and what goes onto the form: nothing that was not asked for, nothing longer than its
/// field, and a form that may be printed lacks nothing.
enum FormRequestTarget {
    private static let outline: FormOutline = {
        let labels = ["ja": "見本"]
        return FormOutline(
            id: "resident-move", names: labels, groups: [FormGroup(id: "who", labels: labels, need: .required)],
            fields: [
                FormField(name: "name", kind: .text, labels: labels, source: .name, need: .required),
                FormField(name: "birth", kind: .date, labels: labels, source: .birthDate),
                FormField(name: "today", kind: .date, labels: labels, source: .today),
                FormField(name: "basis", kind: .text, labels: labels, source: .basis),
                FormField(name: "male", kind: .check, labels: labels, source: .gender(.male)),
                FormField(name: "phone", kind: .text, labels: labels, need: .required, longest: 20),
                FormField(name: "day", kind: .date, labels: labels, need: .required),
                FormField(name: "self", kind: .check, labels: labels, group: "who"),
                FormField(name: "other", kind: .check, labels: labels, group: "who"),
            ])
    }()

    static func run(_ input: [UInt8]) {
        guard let request = try? FormRenderRequestBody(json: input) else { return }
        hold(request.entries.count <= FormRenderRequestBody.mostEntries, "the values of a form have a bound")
        let person =
            if case .typed(let person) = request.person {
                person
            } else {
                FormPerson(.cardText, name: "見本　花子", address: "見本県", birthDate: nil, gender: nil)
            }
        let time = ValidationTime(secondsSince1970: 1_795_000_000)
        let isDraft = contents(of: person, request.entries, time, .draft)
        let isFinal = contents(of: person, request.entries, time, .final)
        hold(isDraft || !isFinal, "what may be printed can be looked at")
    }

    /// Whether there is such a form.
    private static func contents(
        of person: FormPerson, _ entries: [String: FormEntry], _ time: ValidationTime, _ stage: FormStage
    ) -> Bool {
        do throws(FormRefusal) {
            let contents = try outline.contents(of: person, entries, at: time, for: stage)
            hold(stage == .draft || contents.missing.isEmpty, "a form for printing lacks nothing")
            for field in outline.fields {
                if case .text(let text) = contents.values[field.name] {
                    hold(text.count <= field.longest, "a text is no longer than its field")
                }
                if field.source == .entered { hold(isGiven(field, entries, contents), "what was given stands there") }
            }
            hold(contents.values["today"] != nil, "a day is known")
            let marks = ["self", "other"].filter { contents.values[$0] == .checked }
            hold(marks.count <= 1, "one mark of a group at most")
            return true
        } catch {
            hold(!error.faults.isEmpty, "a refusal has a reason")
            return false
        }
    }

    private static func isGiven(
        _ field: FormField, _ entries: [String: FormEntry], _ contents: FormContents
    ) -> Bool {
        switch (entries[field.name], contents.values[field.name]) {
        case (nil, nil): true
        case (.checked, .checked): true
        case (.text(let given), .text(let text)): given == text
        case (.text(let given), .date(let date)): date.text == given
        default: false
        }
    }
}
