package import CounterApplications
package import CounterService
package import PKIX

/// The forms of a platform: those that come with the program, and the municipalities' own.
package struct FormLibrary: FormRenderer {
    private let rendering: PaperRendering
    private let templates: [String: FormTemplate]

    /// Templates that come with the program.
    package static let shipped = ["resident-move", "resident-record"]

    /// - Parameter own: a form of the same id takes the place of one that comes with the program.
    package init(_ rendering: PaperRendering, own: [FormTemplate] = []) {
        self.rendering = rendering
        let shipped = FormLibrary.shipped.compactMap { FormTemplate.standard($0) }
        templates = Dictionary((shipped + own).map { ($0.id, $0) }, uniquingKeysWith: { _, own in own })
    }

    package func outline(_ id: String) -> FormOutline? { templates[id]?.outline }

    package func fill(
        _ id: String, _ values: [String: FormValue], at time: ValidationTime
    ) throws(FormFillingError) -> FilledForm {
        guard let template = templates[id] else { throw .failed(reason: "unknown_template") }
        do throws(RenderingError) {
            return try rendering.fill(template, values, at: time)
        } catch {
            let prefix = "too_long: "
            guard error.reason.hasPrefix(prefix) else { throw .failed(reason: error.reason) }
            throw .doesNotFit(field: String(error.reason.dropFirst(prefix.count)))
        }
    }
}
