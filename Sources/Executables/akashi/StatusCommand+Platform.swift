import ArgumentParser
import BulkStatus
import PlatformClient
import Synchronization

/// `akashi status --server`: lines up, wait, items down.
extension StatusCommand {
    func byPlatform(_ input: StatusInput, of size: Int?) async throws -> Bool {
        let upload = StatusUpload(StatusLines(input, issuerID: issuer), size: size)
        let (purpose, policy, media) = (purpose ?? "", policy, form == .csv ? "text/csv" : "application/x-ndjson")
        let end: PlatformClient.StatusEnd? = try await options.connected { (client) async throws(PlatformError) in
            do throws(PlatformError) {
                return try await client.statusAnswers(
                    AsyncThrowingStream { try upload.next() }, purpose: purpose, policyID: policy, accept: media,
                    progress: { upload.show($0) },
                    take: { piece in
                        upload.clear()
                        return writeWhole(piece, to: 1) == nil
                    })
            } catch {
                upload.clear()
                // The input's own fault is what went wrong, not the transfer that it ended.
                if upload.fault != nil { return nil }
                throw error
            }
        }
        upload.clear()
        switch end {
        case .complete(let job)?: return job.counts.allSatisfy { $0.key == "good" || $0.value == 0 }
        case .withoutItems(let job)?: complain("the job ended as \(job.state): \(job.failure ?? "no reason given")")
        case .stopped(let job)?: complain("the answers could not be written; the platform keeps them as \(job.id)")
        case nil: complain("\(file): \(upload.fault.map { "\($0)" } ?? "cannot be read")")
        }
        throw upload.fault == .issuerMissing ? ExitStatus.usage : ExitStatus.failure
    }

    private var options: PlatformOptions {
        var options = PlatformOptions()
        options.server = server ?? ""
        options.certificate = certificate ?? ""
        options.key = key ?? ""
        options.authority = authority ?? ""
        options.json = false
        return options
    }
}

/// The lines on their way up, and the one line on the terminal about them.
private final class StatusUpload: Sendable {
    private let lines: StatusLines
    private let size: Int?
    private let bar = Mutex(ProgressBar())
    private let state = Mutex<StatusInputFailure?>(nil)

    init(_ lines: StatusLines, size: Int?) { (self.lines, self.size) = (lines, size) }

    var fault: StatusInputFailure? { state.withLock { $0 } }

    func next() throws -> [UInt8]? {
        do throws(StatusInputFailure) {
            let piece = try lines.next()
            bar.withLock { $0.show("sending", lines.progress.octets, of: size) }
            return piece
        } catch {
            state.withLock { $0 = error }
            throw error
        }
    }

    func show(_ job: StatusJob) {
        let progress = job.progress
        bar.withLock {
            $0.show("answering", progress.done, of: progress.total, remainingSeconds: progress.remainingSeconds)
        }
    }

    func clear() { bar.withLock { $0.clear() } }
}
