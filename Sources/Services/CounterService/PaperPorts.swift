package import CounterApplications

/// Draws papers. Pure work of the processor; called on a worker of its own.
package protocol PaperRenderer: Sendable {
    /// PDF octets, the same for the same document.
    func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8]
}

/// Reads what is in a PDF that somebody else made.
package protocol PDFInspector: Sendable {
    func inspect(_ pdf: [UInt8]) throws(RenderingError) -> PDFInspection
}

/// Why a paper cannot be drawn or read. No text of a document is in it.
package struct RenderingError: Error, Hashable, Sendable {
    package let reason: String
    /// The machine's own fault: a program that is missing, or that had no time or memory. It says nothing of the file.
    package let isLocal: Bool

    package init(_ reason: String, isLocal: Bool = false) { (self.reason, self.isLocal) = (reason, isLocal) }
}

/// Print queues. Never throws: what went wrong is a value.
package protocol PaperPrinter: Sendable {
    /// Makes a job that is held, with `token` as its title and nothing of the application anywhere else in it.
    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome
    /// The jobs with this title, whatever their state.
    func find(token: String, at target: PrintTarget) async -> FindOutcome
    /// Lets a held job print. Doing it twice prints once. A job of another title is nobody's, whatever its number; the
    /// same holds for ``state(of:)`` and ``cancel(_:)``.
    func release(_ job: PrintJobReference) async -> ReleaseOutcome
    func state(of job: PrintJobReference) async -> PrintJobState
    /// Jobs that wait for a release and whose token begins with `prefix`, whoever made them.
    func heldJobs(at printer: String, prefix: String) async -> HeldJobs
    /// Cancels and removes the job's octets from the spool. A job that has ended stays as it is.
    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome
}

package enum HoldOutcome: Hashable, Sendable {
    case held(PrintJobReference)
    /// The queue said no: certainly there is no job.
    case rejected(String)
    /// There may be a job: ``PaperPrinter/find(token:at:)`` says.
    case unknown(String)
}

package enum FindOutcome: Hashable, Sendable {
    case found([PrintJobReference])
    case notFound
    /// The configuration has no such printer any more.
    case noSuchPrinter
    case unknown(String)
}

package enum HeldJobs: Hashable, Sendable {
    case found([HeldJob])
    case unknown(String)
}

/// A job that waits at a queue.
package struct HeldJob: Hashable, Sendable {
    package let reference: PrintJobReference
    package let token: String
    /// Seconds since it was made, by the queue's own clock.
    package let age: Int

    package init(reference: PrintJobReference, token: String, age: Int) {
        (self.reference, self.token, self.age) = (reference, token, age)
    }
}

package enum ReleaseOutcome: Hashable, Sendable {
    case done
    /// The queue said no: the job is unknown to it, or has ended.
    case rejected(String)
    case unknown(String)
}
