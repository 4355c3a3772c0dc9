/// A job under way: which slices are out, and which answers have come back. A value of the engine's own.
struct BatchRun: Sendable {
    /// Some lines on their way to a worker.
    struct Slice: Sendable {
        let jobID: String
        let sequence: Int
        /// The number of the first line, from 1.
        let first: Int
        let lines: [UInt8]
        let work: any BatchWork
        /// Tells a run from an earlier one of the same job.
        let run: Int
    }

    private struct Answered: Sendable {
        let answers: BatchAnswers
        let inputOctets: Int64
    }

    var job: BatchJob
    let work: any BatchWork
    let number: Int
    let began = ContinuousClock.now
    private let doneAtStart: Int
    private var nextOffset: Int64
    private var nextLine: Int
    private var nextSequence = 0
    private var nextToWrite = 0
    private var waiting: [Int: Answered] = [:]
    /// Lines that were durable at the last checkpoint.
    var durableLines: Int
    var isCheckpointing = false

    /// Goes on where `job.progress` ends.
    init(_ job: BatchJob, work: any BatchWork, number: Int) {
        (self.job, self.work, self.number) = (job, work, number)
        (nextOffset, nextLine) = (job.progress.inputOctets, job.progress.done + 1)
        (doneAtStart, durableLines) = (job.progress.done, job.progress.done)
    }

    var inFlight: Int { nextSequence - nextToWrite }
    private var isTaken: Bool { nextOffset >= job.input.octets }
    var isComplete: Bool { isTaken && inFlight == 0 }

    /// Whether a worker may take a slice; at most `limit` are out, which bounds what waits for its turn to be written.
    func isReady(limit: Int) -> Bool { !isTaken && inFlight < limit }

    /// The next lines, whole ones.
    mutating func take(
        upTo size: Int,
        longestLine: Int,
        from files: any BatchFiles
    ) throws(BatchFileError) -> Slice {
        var lines = try files.input(job.id, from: nextOffset, count: size)
        if !lines.contains(0x0A) { lines = try files.input(job.id, from: nextOffset, count: longestLine + 2) }
        guard let end = lines.lastIndex(of: 0x0A) else { throw .damaged }
        lines.removeSubrange((end + 1)...)
        let slice = Slice(
            jobID: job.id, sequence: nextSequence, first: nextLine, lines: lines, work: work, run: number)
        nextOffset += Int64(lines.count)
        nextLine += lines.count { $0 == 0x0A }
        nextSequence += 1
        return slice
    }

    /// Takes the answers of a slice; writes those whose turn has come.
    mutating func deliver(
        _ answers: BatchAnswers,
        of slice: Slice,
        to files: any BatchFiles
    ) throws(BatchFileError) {
        waiting[slice.sequence] = Answered(answers: answers, inputOctets: Int64(slice.lines.count))
        while let next = waiting.removeValue(forKey: nextToWrite) {
            try files.appendResult(job.id, next.answers.octets, at: job.progress.resultOctets)
            job.progress.done += next.answers.lines
            job.progress.inputOctets += next.inputOctets
            job.progress.resultOctets += Int64(next.answers.octets.count)
            job.progress.counts.merge(next.answers.counts, uniquingKeysWith: +)
            nextToWrite += 1
        }
    }

    /// Seconds until the end at the pace of this run; nil before there is one.
    var remainingSeconds: Int? {
        let done = job.progress.done - doneAtStart
        guard done > 0 else { return nil }
        let elapsed = (ContinuousClock.now - began) / .milliseconds(1)
        let remaining = Double(job.input.lines - job.progress.done) * elapsed / Double(done) / 1_000
        return Int(min(remaining.rounded(.up), 1e9))
    }
}
