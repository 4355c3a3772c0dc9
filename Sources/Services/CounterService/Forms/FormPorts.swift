package import CounterApplications
package import PKIX
package import Verification

/// Everything outside that 書かない窓口 uses.
package struct FormPorts: Sendable {
    package var verification: any CounterVerification
    /// For the audit trail alone: nothing of a person is kept.
    package var records: any RecordStore
    package var renderer: any FormRenderer
    /// Nil: nothing is printed here.
    package var printer: (any PaperPrinter)?
    package var sealer: any TicketSealer
    package var clock: any TrustedClock
    package var randomness: any Randomness
    /// Threads of their own for drawing; nil in tests.
    package var executor: (any TaskExecutor)?

    package init(
        verification: any CounterVerification, records: any RecordStore, renderer: any FormRenderer,
        printer: (any PaperPrinter)?, sealer: any TicketSealer, clock: any TrustedClock,
        randomness: any Randomness, executor: (any TaskExecutor)? = nil
    ) {
        (self.verification, self.records, self.renderer) = (verification, records, renderer)
        (self.printer, self.sealer, self.clock) = (printer, sealer, clock)
        (self.randomness, self.executor) = (randomness, executor)
    }
}

/// The forms that there are. Drawing is work of the processor; called on a worker of its own.
package protocol FormRenderer: Sendable {
    /// Nil when there is no such form.
    func outline(_ id: String) -> FormOutline?
    /// Fills a form. What does not fit at the smallest size that the field allows is an error, never cut.
    ///
    /// - Parameter values: by the name of the field; fields without a value stay empty.
    func fill(_ id: String, _ values: [String: FormValue], at time: ValidationTime) throws(FormFillingError)
        -> FilledForm
}

/// Why a form could not be drawn. No value is in it.
package enum FormFillingError: Error, Hashable, Sendable {
    /// The field whose value does not fit.
    case doesNotFit(field: String)
    case failed(reason: String)
}

/// A form that was filled in.
package struct FilledForm: Hashable, Sendable {
    /// PDF/A-2b; over a PDF of the municipality's own, what that one is.
    package let octets: [UInt8]
    package let sheets: Int
    /// Code points of characters that are not drawn as they are written.
    package let substituted: [String]
    /// The texts as they stand on the form, by field: dates in 和暦.
    package let shown: [String: String]

    package init(octets: [UInt8], sheets: Int, substituted: [String], shown: [String: String]) {
        (self.octets, self.sheets) = (octets, sheets)
        (self.substituted, self.shown) = (substituted, shown)
    }
}

/// Seals what a terminal keeps for the platform between two requests. Sealed octets open for the same context alone.
package protocol TicketSealer: Sendable {
    func seal(_ octets: [UInt8], context: [UInt8]) throws -> [UInt8]
    func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8]
}
