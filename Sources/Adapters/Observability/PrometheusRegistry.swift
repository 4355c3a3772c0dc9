package import Metrics
internal import Synchronization

/// A metrics back end that renders Prometheus' text exposition format 0.0.4.
///
/// The number of series is bounded: once a metric has ``mostSeries`` sets of label values, further ones are counted
/// under the value `other`, so that no input can make the text grow without end.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    /// Most sets of label values of one metric.
    package static let mostSeries = 400
    /// Most metrics.
    package static let mostMetrics = 400

    private enum Kind: String { case counter, gauge, histogram }

    private struct Family {
        let kind: Kind
        var series: [String: any Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(MetricName.sanitised(label), .gauge, dimensions) { GaugeSeries() }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        let name = MetricName.sanitised(label)
        guard aggregate else { return series(name, .gauge, dimensions) { GaugeSeries() } }
        return series(name, .histogram, dimensions) { HistogramSeries(bounds: HistogramSeries.countBounds) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = MetricName.withSuffix(MetricName.sanitised(label), "_seconds")
        return series(name, .histogram, dimensions) { HistogramSeries(bounds: HistogramSeries.secondBounds) }
    }

    // Series live as long as the process: their number is bounded, and a scrape must not miss the last value.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let name = MetricName.withSuffix(MetricName.sanitised(label), "_total")
        return series(name, .counter, dimensions) { CounterSeries() }
    }

    /// The series of that name and labels. One that cannot be kept, because its metric is of another kind or there
    /// are too many metrics, is returned all the same and rendered nowhere.
    private func series<S: Series>(
        _ name: String,
        _ kind: Kind,
        _ dimensions: [(String, String)],
        make: () -> S
    ) -> S {
        let labels = MetricName.labels(dimensions)
        let overflow = MetricName.labels(dimensions.map { ($0.0, "other") })
        return families.withLock { families in
            guard families[name] != nil || families.count < PrometheusRegistry.mostMetrics else { return make() }
            var family = families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return make() }
            let isFull = family.series.count >= PrometheusRegistry.mostSeries && family.series[labels] == nil
            let key = isFull ? overflow : labels
            if let known = family.series[key] { return known as? S ?? make() }
            let new = make()
            family.series[key] = new
            families[name] = family
            return new
        }
    }

    /// All metrics, sorted by name and labels.
    package func text() -> String {
        let snapshot = families.withLock { $0 }
        var text = ""
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                text += series.samples(name: name, labels: labels)
            }
        }
        return text
    }
}
