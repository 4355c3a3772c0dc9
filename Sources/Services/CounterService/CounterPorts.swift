internal import CounterApplications
internal import PKIX
package import Verification

/// Everything outside that the counter uses.
package struct CounterPorts: Sendable {
    package var store: any CounterStore
    package var lookup: any ResidentLookup
    package var issuer: any CertificateIssuer
    package var renderer: any PaperRenderer
    package var inspector: any PDFInspector
    package var printer: any PaperPrinter
    package var clock: any TrustedClock
    package var randomness: any Randomness
    package var words: PaperWords
    /// Threads of their own for drawing and reading PDFs; nil in tests.
    package var executor: (any TaskExecutor)?

    package init(
        store: any CounterStore,
        lookup: any ResidentLookup,
        issuer: any CertificateIssuer,
        renderer: any PaperRenderer,
        inspector: any PDFInspector,
        printer: any PaperPrinter,
        clock: any TrustedClock,
        randomness: any Randomness,
        words: PaperWords,
        executor: (any TaskExecutor)? = nil
    ) {
        (self.store, self.lookup, self.issuer) = (store, lookup, issuer)
        (self.renderer, self.inspector, self.printer) = (renderer, inspector, printer)
        (self.clock, self.randomness, self.words, self.executor) = (clock, randomness, words, executor)
    }

    var now: ValidationTime { clock.reading().now }

    /// False while nobody knows what time it is: nothing runs out, is wiped or thrown away by such a clock.
    var isClockTrusted: Bool { clock.reading().trust == .trusted }

    func random(_ prefix: IdentifierSource.Prefix) -> String { IdentifierSource(randomness).next(prefix) }

    /// Work of the processor, away from the threads that wait for others.
    func heavy<Value: Sendable>(_ body: @Sendable () -> Value) async -> Value {
        await withTaskExecutorPreference(executor) { body() }
    }
}

/// What terminals and staff have in common.
extension CounterPorts {
    /// Makes events of an application one change, durable on return.
    func apply(
        _ events: [CounterEvent],
        to application: CounterApplication,
        by actor: CounterActor
    ) async throws(CounterError) -> CounterApplication {
        let change: CounterChange
        do throws(CounterRefusal) {
            change = try CounterChange(application, events, by: actor, at: now)
        } catch {
            throw .refused(error)
        }
        try await stored { () async throws(CounterStoreError) in try await store.commit([change]) }
        return change.application
    }

    /// Asks the store; what it cannot do becomes an error of the use case.
    func stored<Value>(
        _ body: () async throws(CounterStoreError) -> Value
    ) async throws(CounterError) -> Value {
        do throws(CounterStoreError) {
            return try await body()
        } catch {
            throw CounterError(error)
        }
    }
}
