import ArgumentParser
import CardProtocol
import Foundation
import MessageCatalogue
import ProtectedMemory
import TerminalSession

/// How results are shown.
struct PresentationOptions: ParsableArguments {
    @Flag(help: "One JSON object on standard output.")
    var json = false

    @Option(
        help: """
            Whose sentences: staff, resident, easy (やさしい日本語), english, chinese, korean, portuguese or vietnamese.
            """)
    var language = Language.staff

    func report(_ failure: FlowFailure, _ sentences: Sentences) {
        let values = failure.triesLeft.map { ["tries": String($0)] } ?? [:]
        let own = sentences.messages(failure.code, values)
        let messages = failure.messages.isEmpty ? own : failure.messages
        if json {
            show(json: [
                "outcome": "failed", "code": failure.code.rawValue, "messages": messages,
                "tries_left": failure.triesLeft.map { $0 as Any } ?? NSNull(),
                "notices": failure.notices.map { sentences.json($0) },
            ])
        }
        complain(messages[language.audience.rawValue] ?? failure.code.rawValue)
        for notice in failure.notices { complain(sentences.sentence(notice.code, for: language, notice.values)) }
    }
}

/// Where the PIN comes from: never an argument, never the environment.
struct PINOptions: ParsableArguments {
    @Option(help: "Read PINs, a line each, from this file descriptor instead of asking at the terminal.")
    var pinFd: Int32?

    @Flag(help: "A supervisor takes the responsibility for the last try of a PIN.")
    var supervisorOverride = false

    func validate() throws {
        guard pinFd.map({ (0...1_023).contains($0) }) ?? true else {
            throw ValidationError("--pin-fd is an open file descriptor")
        }
    }
}

/// Drives one identification from the command line.
struct CardIdentification {
    let parts: TerminalParts
    let pins: PINOptions
    let presentation: PresentationOptions
    let sentences: Sentences

    /// - Returns: the last state: finished, failed, or idle when nobody typed.
    func run(_ request: IdentificationRequest) async -> FlowState {
        let flow = IdentificationFlow(parts)
        let states = await flow.states()
        await flow.start(request)
        for await state in states {
            switch state {
            // The stream begins with the state before the start.
            case .idle: continue
            case .waitingForCard: say(.waitingForCard)
            case .recognising: say(.recognising)
            case .working(_, .card): say(.workingCard)
            case .working(_, .platform): say(.workingPlatform)
            case .pinNeeded(let prompt):
                guard await answer(prompt, flow) else {
                    await flow.wipe()
                    let code: TerminalCode = prompt.reason == .lastTry ? .lastTry : .pinCancelled
                    return .failed(
                        FlowFailure(
                            prompt.reason == .wrong ? .wrongPIN : code, triesLeft: prompt.triesLeft,
                            notices: prompt.notices))
                }
            case .finished, .failed: return state
            }
        }
        return .failed(FlowFailure(.removed))
    }

    /// - Returns: whether there is a PIN, or a supervisor where one is asked for.
    private func answer(_ prompt: PINPrompt, _ flow: IdentificationFlow) async -> Bool {
        let values = ["tries": String(prompt.triesLeft)]
        for notice in prompt.notices where prompt.reason == .first {
            complain(sentences.sentence(notice.code, for: presentation.language, notice.values))
        }
        complain(sentences.sentence(prompt.code, for: presentation.language, values))
        if prompt.reason == .lastTry {
            guard pins.supervisorOverride else { return false }
            await flow.allowLastTry()
            return true
        }
        guard prompt.place == .terminal else { return true }
        let descriptor = pins.pinFd
        let secret: ProtectedOctets? = await withCheckedContinuation { continuation in
            // Waits for a person: on a thread that may.
            Thread.detachNewThread {
                continuation.resume(
                    returning: try? descriptor.map { try SecretLine.read(from: $0) } ?? SecretLine.ask("PIN: "))
            }
        }
        guard let secret, secret.count > 0 else { return false }
        await flow.submit(secret)
        return true
    }

    private func say(_ code: TerminalCode) {
        if isatty(STDERR_FILENO) == 1 { complain(sentences.sentence(code, for: presentation.language)) }
    }
}
