internal import Metrics
internal import Synchronization

/// One time series: a metric with one set of label values.
protocol Series: Sendable {
    /// Its sample lines.
    func samples(name: String, labels: String) -> String
}

final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    /// A counter only rises; anything else is left out.
    func increment(by amount: Double) {
        guard amount >= 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    func reset() { value.withLock { $0 = 0 } }

    func samples(name: String, labels: String) -> String {
        "\(name)\(labels) \(MetricName.number(value.withLock { $0 }))\n"
    }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func samples(name: String, labels: String) -> String {
        "\(name)\(labels) \(MetricName.number(value.withLock { $0 }))\n"
    }
}

/// A histogram of seconds for timers, of plain numbers for recorders.
final class HistogramSeries: Series, TimerHandler, RecorderHandler {
    /// Upper bounds in seconds: from a verification in memory to an upstream's time-out.
    static let secondBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]
    /// Upper bounds for counts and sizes.
    static let countBounds: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    private struct State {
        var counts: [UInt64]
        var sum = 0.0
        var total: UInt64 = 0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.sum += value
            state.total += 1
        }
    }

    func samples(name: String, labels: String) -> String {
        let state = state.withLock { $0 }
        var text = ""
        var cumulative: UInt64 = 0
        for (bound, count) in zip(bounds, state.counts) {
            cumulative += count
            let labels = MetricName.adding("le=\"\(MetricName.number(bound))\"", to: labels)
            text += "\(name)_bucket\(labels) \(cumulative)\n"
        }
        text += "\(name)_bucket\(MetricName.adding("le=\"+Inf\"", to: labels)) \(state.total)\n"
        text += "\(name)_sum\(labels) \(MetricName.number(state.sum))\n"
        return text + "\(name)_count\(labels) \(state.total)\n"
    }
}
