internal import CounterApplications
internal import Metrics
internal import Organizations

/// What operators see of the counter. No label tells of a person.
enum CounterMetrics {
    /// An application came to its end.
    static func ended(_ application: CounterApplication) {
        Counter(
            label: "akashi_counter_applications_total",
            dimensions: [
                ("municipality", application.municipality.digits), ("state", application.state.rawValue),
                ("reason", application.voiding?.reason.rawValue ?? "none"),
            ]
        ).increment()
    }

    /// Somebody identified themselves, by the rung that answered.
    static func identified(_ identification: Identification, of municipality: MunicipalityCode) {
        Counter(
            label: "akashi_counter_identifications_total",
            dimensions: [
                ("municipality", municipality.digits), ("rung", identification.rung),
                ("service", identification.service.rawValue),
            ]
        ).increment()
    }

    /// Something that must have an owner: a mismatch, crossed papers.
    static func alarm(_ kind: String, of municipality: MunicipalityCode) {
        Counter(
            label: "akashi_counter_alarms_total",
            dimensions: [("municipality", municipality.digits), ("kind", kind)]
        ).increment()
    }

    /// A held job without an owner was cancelled.
    static func swept(_ printer: String) {
        Counter(label: "akashi_counter_swept_jobs_total", dimensions: [("printer", printer)]).increment()
    }

    /// What is kept of a municipality that the configuration has no more.
    static func unserved(_ unfinished: Int, of municipality: MunicipalityCode) {
        Gauge(label: "akashi_counter_unserved_applications", dimensions: [("municipality", municipality.digits)])
            .record(unfinished)
    }

    static func stopped(_ isStopped: Int, of municipality: MunicipalityCode) {
        Gauge(label: "akashi_counter_issuing_stopped", dimensions: [("municipality", municipality.digits)])
            .record(isStopped)
    }

    /// Whether the engine works; it stops for a clock that is not trusted.
    static func clock(_ isTrusted: Bool) {
        Gauge(label: "akashi_counter_clock_trusted").record(isTrusted ? 1 : 0)
    }

    enum IssuerState: Int {
        case answering = 0
        case away = 1
    }

    /// Whether the breaker keeps requests and look-ups from a municipality's issuing server.
    static func issuer(_ state: IssuerState, of municipality: MunicipalityCode) {
        Gauge(label: "akashi_counter_issuer_away", dimensions: [("municipality", municipality.digits)])
            .record(state.rawValue)
    }

    static func record(_ reading: CounterCensus.Reading) {
        Gauge(
            label: reading.label, dimensions: reading.dimensions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        )
        .record(reading.value)
    }

    static func exchange(_ outcome: String, of municipality: MunicipalityCode) {
        Counter(
            label: "akashi_counter_issuer_exchanges_total",
            dimensions: [("municipality", municipality.digits), ("outcome", outcome)]
        ).increment()
    }
}
