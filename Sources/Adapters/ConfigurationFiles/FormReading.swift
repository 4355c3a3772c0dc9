internal import CounterApplications
package import CounterService
internal import Organizations

/// `forms`: 書かない窓口, of each municipality that has it. Without the section there is none.
package struct FormConfiguration: Hashable, Sendable {
    package let settings: FormSettings
    package let own: [FormFiles]
}

/// A form of a municipality's own: paths of files, read when the platform starts.
package struct FormFiles: Hashable, Sendable {
    /// The field map.
    package let map: String
    /// What lies beneath; nil for a form that the map draws whole.
    package let pdf: String?
}

extension ConfigurationSection {
    /// The section `forms`.
    ///
    /// - Parameter printers: ids of `counter.printers`.
    func forms(_ directory: OrganizationDirectory?, printers: Set<String>) -> FormConfiguration {
        defer { finish() }
        let own = sections("own").compactMap { section -> FormFiles? in
            defer { section.finish() }
            let pdf = section.optionalFilePath("pdf")
            return section.filePath("map").map { FormFiles(map: $0, pdf: pdf) }
        }
        var municipalities: [MunicipalityCode: MunicipalForms] = [:]
        for section in sections("municipalities") {
            defer { section.finish() }
            let code = section.municipalityCode("code")
            let known = code.flatMap { directory?.municipalities[$0] }
            if code != nil, directory != nil, known == nil {
                section.note("is not the code of a configured municipality", at: "code")
            }
            let templates = section.strings("templates")
            if templates.isEmpty { section.note("must list at least one form", at: "templates") }
            if Set(templates).count != templates.count { section.note("has a form twice", at: "templates") }
            let forms = MunicipalForms(
                templates: templates, printers: section.formPrinters(known, printers: printers))
            if let code, municipalities.updateValue(forms, forKey: code) != nil {
                section.note("stands twice", at: "code")
            }
        }
        if municipalities.isEmpty { note("must list at least one municipality", at: "municipalities") }
        return FormConfiguration(settings: FormSettings(municipalities: municipalities), own: own)
    }

    private func formPrinters(_ municipality: Municipality?, printers: Set<String>) -> [String: PrintTarget] {
        var targets: [String: PrintTarget] = [:]
        let reading = CounterReading(directory: nil, printers: printers, policies: [])
        for site in sections("sites") {
            defer { site.finish() }
            guard let id = site.text("id") else { continue }
            if let municipality, !municipality.sites.contains(where: { $0.id == id }) {
                site.note("is not the id of a site of the municipality", at: "id")
            }
            guard let target = site.section("paper").flatMap({ reading.target($0) }) else { continue }
            if targets.updateValue(target, forKey: id) != nil { site.note("stands twice", at: "id") }
        }
        return targets
    }
}
