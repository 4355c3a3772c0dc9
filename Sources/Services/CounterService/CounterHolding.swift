package import Organizations

/// What a store holds of one municipality.
package struct CounterHolding: Hashable, Sendable {
    package let municipality: MunicipalityCode
    /// Applications, whatever is left of them.
    package let applications: Int
    /// Those of them with something to do or to wipe, or under way.
    package let unfinished: Int
    /// Lines of the 受払簿.
    package let sheetLines: Int

    package init(municipality: MunicipalityCode, applications: Int, unfinished: Int, sheetLines: Int) {
        (self.municipality, self.applications) = (municipality, applications)
        (self.unfinished, self.sheetLines) = (unfinished, sheetLines)
    }
}
