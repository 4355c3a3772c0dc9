import CardProtocol
import Foundation
import KeyFiles
import OfflineEvidence
import PKIX
import SystemClock
import TerminalFiles
import TerminalSession
import Verification

/// The second process of the queue's tests.
///
/// - `append FOLDER KEY CENTRE [LIMIT [COUNT]]`: appends checks until it is killed and says each acknowledged number, one a line.
///   With a limit, no file grows beyond so many octets; 0 for none. With a count, it ends after so many.
/// - `hand-over FOLDER KEY CENTRE LEDGER [PORTION]`: hands over to a file in the platform's place, and removes.
@main
struct QueueProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 5 else { exit(2) }
        let queue = try queue(arguments[2], key: arguments[3], centre: arguments[4])
        if arguments[1] == "append" {
            if arguments.count > 5, let limit = rlim_t(arguments[5]), limit > 0 {
                signal(SIGXFSZ, SIG_IGN)
                var limits = rlimit(rlim_cur: limit, rlim_max: limit)
                _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
            }
            await append(to: queue, count: arguments.count > 6 ? Int(arguments[6]) ?? 0 : .max)
        } else {
            let (delivery, portion) = (LedgerFile(path: arguments[5]), arguments.count > 6 ? Int(arguments[6]) : nil)
            repeat {
                let summary = await QueueSynchronization(queue, delivery, purpose: "", portion: portion ?? 3).run()
                guard summary.isComplete else { exit(3) }
            } while portion == nil
        }
    }

    static func queue(_ folder: String, key: String, centre: String) throws -> SealedQueueFolder {
        let keyring = try SealingKeyring(path: centre, whenMissing: .refuse)
        guard let sealer = CentreSealer(keyring.currentKey),
            let origin = RecordOrigin(
                environment: "sandbox", municipality: "011002", site: "hall", terminal: "t-1", device: "dev_1")
        else { exit(2) }
        return try SealedQueueFolder(
            folder,
            maker: .init(
                origin: origin, signer: try FileSigner(path: key, whenMissing: .refuse), sealer: sealer,
                clock: ManualClock(ValidationTime(secondsSince1970: 1_775_001_600)), randomness: SystemRandomness()))
    }

    private static func append(to queue: SealedQueueFolder, count: Int) async {
        let octets = [UInt8](repeating: 7, count: 900)
        for _ in 0..<count {
            let proof = CardProof(
                key: .userAuthentication, medium: .card, certificate: octets, signature: octets,
                algorithm: .rsa2048, message: .content(octets), challenge: nil, purpose: "login")
            do throws(QueueFailure) {
                say("\(try await queue.append(proof).sequence)")
            } catch {
                say(error.rawValue)
                exit(3)
            }
        }
    }

    private static func say(_ line: String) {
        let octets = Array((line + "\n").utf8)
        _ = octets.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}

/// Takes records in the platform's place: each once, durably, before it gives a receipt.
private struct LedgerFile: RecordDelivery {
    let path: String

    func deliver(_ records: [WaitingRecord], purpose: String) async throws(GatewayFailure) -> [UInt64: RecordReceipt] {
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unreachable }
        defer { close(descriptor) }
        var receipts: [UInt64: RecordReceipt] = [:]
        for record in records {
            let line = Array("\(record.sequence) \(record.octets.sha256)\n".utf8)
            guard line.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == line.count else {
                throw .unreachable
            }
            receipts[record.sequence] = .reconciled("confirmed")
        }
        guard fsync(descriptor) == 0 else { throw .unreachable }
        return receipts
    }
}

extension [UInt8] {
    fileprivate var sha256: String { (try? SealedRecord(der: self).digest.hexString) ?? "damaged" }
}
