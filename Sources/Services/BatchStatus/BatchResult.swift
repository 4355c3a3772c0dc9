/// The result of a finished job, read piece by piece.
package struct BatchResult: Sendable {
    package let job: BatchJob
    /// SHA-256 of the whole result.
    package let digest: [UInt8]
    private let files: any BatchFiles

    init(job: BatchJob, digest: [UInt8], files: any BatchFiles) {
        (self.job, self.digest, self.files) = (job, digest, files)
    }

    package var octets: Int64 { job.progress.resultOctets }

    /// Up to `count` octets from `offset`, read on the threads of the bulk work.
    package func read(from offset: Int64, count: Int) async throws -> [UInt8] {
        let (files, id) = (files, job.id)
        return try await withTaskExecutorPreference(files.executor) { try files.result(id, from: offset, count: count) }
    }
}
