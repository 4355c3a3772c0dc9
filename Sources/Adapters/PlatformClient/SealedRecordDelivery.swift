internal import Foundation
internal import OutgoingHTTP
internal import PKIX
internal import SignatureAlgorithms
package import TerminalSession

/// Sealed records as a verification batch: the same records are the same job, also after a lost answer.
package struct SealedRecordDelivery: RecordDelivery {
    private let client: PlatformClient
    private let patience: Duration

    /// - Parameter patience: for one job.
    package init(_ client: PlatformClient, patience: Duration = .seconds(300)) {
        (self.client, self.patience) = (client, patience)
    }

    private struct Job: Decodable {
        let id: String
        let state: String
    }

    private struct Item: Decodable {
        struct Fault: Decodable {
            let code: String
            let detail: String?
        }
        let ref: String?
        let outcome: String?
        let error: Fault?
    }

    package func deliver(
        _ records: [WaitingRecord],
        purpose: String
    ) async throws(GatewayFailure) -> [UInt64: RecordReceipt] {
        var lines: [UInt8] = []
        for record in records {
            lines += Array(#"{"ref":"\#(record.sequence)","sealed_record":"\#(base64(record.octets))"}"#.utf8)
            lines.append(0x0A)
        }
        let key = HashAlgorithm.sha256.digest(of: lines).hexString.lowercased()
        do throws(PlatformError) {
            // A job that ended without a result stands under its key for a day: then it is another hand-over.
            for attempt in 0..<3 {
                let made = try await client.createVerificationBatch(
                    lines, purpose: purpose, idempotencyKey: "sealed-\(attempt)-\(key)"
                ).decoded(as: Job.self)
                if try await succeeds(made) {
                    return SealedRecordDelivery.receipts(try await client.verificationBatchItems(made.id))
                }
            }
            return [:]
        } catch {
            throw GatewayFailure(error)
        }
    }

    private func succeeds(_ made: Job) async throws(PlatformError) -> Bool {
        var job = made
        let end = ContinuousClock.now + patience
        var pause = Duration.milliseconds(20)
        while job.state == "queued" || job.state == "running" {
            guard ContinuousClock.now < end else { throw .unreachable(.timedOut) }
            do { try await Task.sleep(for: pause) } catch { throw .unreachable(.cancelled) }
            pause = min(pause * 2, .seconds(1))
            job = try await client.verificationBatch(job.id).decoded(as: Job.self)
        }
        return job.state == "succeeded"
    }

    private static func receipts(_ items: [UInt8]) -> [UInt64: RecordReceipt] {
        var receipts: [UInt64: RecordReceipt] = [:]
        for line in items.split(separator: 0x0A) {
            guard let item = try? JSONDecoder().decode(Item.self, from: Data(line)),
                let sequence = item.ref.flatMap({ UInt64($0) })
            else { continue }
            if let outcome = item.outcome {
                receipts[sequence] = .reconciled(outcome)
            } else if let error = item.error {
                receipts[sequence] =
                    error.code == "sealed_record_refused" ? .refused(error.detail ?? error.code) : .later
            }
        }
        return receipts
    }
}
