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

    /// 130 random bits behind a prefix.
    func random(_ prefix: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        return prefix + String(decoding: randomness.octets(26).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }

    /// Work of the processor, away from the threads that wait for others.
    func heavy<Value: Sendable>(_ body: @Sendable () -> Value) async -> Value {
        await withTaskExecutorPreference(executor) { body() }
    }
}
