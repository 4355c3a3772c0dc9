internal import Metrics

/// What operators see of bulk jobs. No label tells whose job it is, or what a line was about.
enum BatchMetrics {
    /// Lines that were answered, by status or outcome; `error` for those that could not be.
    static func answered(_ counts: [String: Int], _ kind: BatchKind) {
        for (outcome, count) in counts {
            Counter(label: "akashi_batch_lines_total", dimensions: [("kind", kind.rawValue), ("outcome", outcome)])
                .increment(by: count)
        }
    }

    /// A job came to its end.
    static func ended(_ job: BatchJob) {
        Counter(
            label: "akashi_batch_jobs_total", dimensions: [("kind", job.kind.rawValue), ("state", job.state.rawValue)]
        ).increment()
    }

    /// Jobs that are queued or running.
    static func unfinished(_ count: Int) { Gauge(label: "akashi_batch_jobs_unfinished").record(count) }
}
