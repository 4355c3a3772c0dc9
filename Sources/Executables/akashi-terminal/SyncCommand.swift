import ArgumentParser
import Foundation
import PlatformClient
import TerminalFiles
import TerminalSession
import WireFormat

/// `akashi-terminal sync`.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Hand the sealed records over to the platform; what it has answered for is removed here.",
        discussion: """
            Example: akashi-terminal sync --device /etc/akashi/device --purpose certificate_issuance
            It can be stopped and run again at any time. Exit 0: the queue is empty and nothing was refused; 1: the
            platform refused records, which are kept in queue/refused; 3: records are still waiting.
            """)

    @Option(help: "The folder of the device.")
    var device = "device"

    @Option(help: "The purpose of the checks, as the platform knows it.")
    var purpose = "certificate_issuance"

    @Option(help: "Records of one hand-over.")
    var portion = 500

    func validate() throws {
        guard (1...10_000).contains(portion) else { throw ValidationError("--portion goes from 1 to 10000") }
    }

    func run() async throws {
        let link = DeviceLink(DeviceFolder(device))
        do {
            let summary = try await handOver(link)
            let left = try await link.queue().count()
            await link.shutdown()
            show(json: ["outcomes": summary.outcomes, "refused": summary.refusals, "waiting": left])
            if let failure = summary.failure { complain(failure.sentence(try Sentences())) }
            if summary.isPutOff { complain("the platform asks to send the rest later") }
            guard summary.isComplete else { throw ExitStatus.failure }
            guard summary.refusals.isEmpty else { throw ExitStatus.negative }
        } catch let error as ExitCode {
            throw error
        } catch {
            await link.shutdown()
            complain("not handed over: \(sentence(error))")
            throw ExitStatus.failure
        }
    }

    private func handOver(_ link: DeviceLink) async throws -> SynchronizationSummary {
        // Neither is needed for the hand-over; without a line both fail.
        _ = try? await link.renewIfDue()
        if let answer = try? await link.client().deviceCredentials().decoded(as: DeviceCredentialsBody.self) {
            try link.folder.update(from: answer)
        }
        return await QueueSynchronization(
            try link.queue(), SealedRecordDelivery(try await link.client()), purpose: purpose, portion: portion
        ).run()
    }
}

extension SynchronizationFailure {
    fileprivate func sentence(_ sentences: Sentences) -> String {
        let code: TerminalCode =
            switch self {
            case .queue(let failure): TerminalCode(failure)
            case .gateway(let failure): TerminalCode(failure)
            }
        var text = sentences.sentence(code, for: .staff)
        if case .gateway(.refused(let code, let messages)) = self {
            text = "\(code) \(messages["staff_ja"] ?? "")"
        }
        return text
    }
}
