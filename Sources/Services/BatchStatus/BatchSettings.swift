/// Bounds of bulk jobs.
package struct BatchSettings: Hashable, Sendable {
    /// Lines of one job.
    package var maximumLines: Int
    /// Octets of one line of a status batch; a longer one costs itself only.
    package var maximumStatusLine: Int
    /// The same of a verification batch, which carries the signed content.
    package var maximumVerificationLine: Int
    /// Octets of one input, decompressed.
    package var maximumInput: Int64
    /// Jobs of one municipality that are queued or running.
    package var maximumUnfinishedJobs: Int
    /// Octets of input that a worker takes at a time, so that jobs take turns.
    package var sliceSize: Int
    /// Lines after which a running job makes its progress durable.
    package var checkpointLines: Int
    /// Seconds that a finished job and its result are kept.
    package var retentionSeconds: Int64
    /// Workers; at least 1.
    package var workers: Int

    package init(
        maximumLines: Int = 1_000_000,
        maximumStatusLine: Int = 98_304,
        maximumVerificationLine: Int = 1_048_576,
        maximumInput: Int64 = 4_294_967_296,
        maximumUnfinishedJobs: Int = 100,
        sliceSize: Int = 131_072,
        checkpointLines: Int = 50_000,
        retentionSeconds: Int64 = 86_400,
        workers: Int = 2
    ) {
        self.maximumLines = maximumLines
        self.maximumStatusLine = maximumStatusLine
        self.maximumVerificationLine = maximumVerificationLine
        self.maximumInput = maximumInput
        self.maximumUnfinishedJobs = maximumUnfinishedJobs
        self.sliceSize = max(sliceSize, 1)
        self.checkpointLines = max(checkpointLines, 1)
        self.retentionSeconds = retentionSeconds
        self.workers = max(workers, 1)
    }

    package func maximumLine(_ kind: BatchKind) -> Int {
        switch kind {
        case .status: maximumStatusLine
        case .verification: maximumVerificationLine
        }
    }
}
