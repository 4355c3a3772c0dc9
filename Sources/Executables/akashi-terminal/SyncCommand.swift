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
            // Who stands at the counter need not wait for the next look.
            if summary.failure == nil, !summary.outcomes.isEmpty { LineFile(link.folder.linePath).note(.up) }
            if let failure = summary.failure { complain(failure.sentence(try Sentences())) }
            if let reason = link.keys.failure { complain(sentence(reason)) }
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
        let queue = try link.queue()
        let isEmpty = try await queue.count() == 0
        let line = await Deadline.first(within: .seconds(5), otherwise: LineState.cut) { await link.look() }
        guard line == .up else {
            // One deadline is enough to know that the line is cut. An empty queue needs none.
            var summary = SynchronizationSummary()
            summary.failure = isEmpty ? nil : .gateway(.unreachable)
            return summary
        }
        // None of these is needed for the hand-over.
        _ = try? await link.renewIfDue()
        if let answer = try? await link.client().deviceCredentials().decoded(as: DeviceCredentialsBody.self) {
            try link.folder.update(from: answer)
        }
        // Before anything is handed over: what is lost after this shows as missing at the platform.
        if let position = try? await queue.position(), position.last > 0 {
            try? await link.client().reportQueue(position.queue, last: position.last)
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
