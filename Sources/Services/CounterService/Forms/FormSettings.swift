package import CounterApplications
package import Organizations

/// What the configuration says of 書かない窓口; swapped as a whole.
package struct FormSettings: Hashable, Sendable {
    /// By code; a municipality that is not here has no forms.
    package let municipalities: [MunicipalityCode: MunicipalForms]

    package init(municipalities: [MunicipalityCode: MunicipalForms]) { self.municipalities = municipalities }
}

/// One municipality's forms.
package struct MunicipalForms: Hashable, Sendable {
    /// Ids, in the order in which they are offered.
    package let templates: [String]
    /// Where forms are printed, by the id of the site; none where a site prints nothing.
    package let printers: [String: PrintTarget]

    package init(templates: [String], printers: [String: PrintTarget]) {
        (self.templates, self.printers) = (templates, printers)
    }
}
