import CounterApplications

/// A name and the text of a paper, apart by a line end: a name is found in what it stands in, whatever is around it.
enum PrintedNameTarget {
    static func run(_ input: [UInt8]) {
        let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let (text, page) = (String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
        guard let name = PrintedName(text) else { return }
        let names = ExpectedNames.all([name])
        _ = names.search([page])
        hold(names.search([text]) == .found, "a name is found in itself")
        // A line end keeps characters apart that would otherwise become one; it is no part of a name.
        hold(names.search([page, "。", text, "。", page]) == .found, "a name is found among other text")
    }
}
