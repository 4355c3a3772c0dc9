package import CounterApplications

/// One form of `GET /v1/form_templates`.
package struct FormTemplateBody: Codable, Hashable, Sendable {
    package struct Group: Codable, Hashable, Sendable {
        package let id: String
        package let labels: [String: String]
        package let required: Bool
    }

    package struct Field: Codable, Hashable, Sendable {
        package let name: String
        /// `text`, `date`, `check`.
        package let kind: String
        package let labels: [String: String]
        /// `entered` is for the resident; the rest comes from the person's proof or from the platform.
        package let source: String
        package let required: Bool
        @ExplicitNull package var group: String?
        /// Characters of the longest text.
        package let longest: Int
    }

    package let id: String
    /// By language; `ja` is always there.
    package let names: [String: String]
    package let groups: [Group]
    package let fields: [Field]
    /// Of `preview`, `document`, `print`: what this client can ask for.
    package let outputs: [String]

    package init(_ outline: FormOutline, outputs: [String]) {
        (id, names, self.outputs) = (outline.id, outline.names, outputs)
        groups = outline.groups.map { Group(id: $0.id, labels: $0.labels, required: $0.need == .required) }
        fields = outline.fields.map {
            Field(
                name: $0.name, kind: $0.kind.rawValue, labels: $0.labels, source: $0.source.word,
                required: $0.need == .required, group: $0.group, longest: $0.longest)
        }
    }
}
