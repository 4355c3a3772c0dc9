import CardProtocol
import Foundation
import Synchronization
import WebPages

/// A check whose steps come from standard input.
final class PlayedFlow: KioskFlow {
    private struct State {
        var steps: AsyncStream<KioskStep>.Continuation?
        var line = KioskLine(.online)
    }

    private let state = Mutex(State())

    func begin() async -> AsyncStream<KioskStep> {
        let (stream, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        state.withLock { $0.steps = continuation }
        KioskProbe.say("begun")
        return stream
    }

    func submit(_ secret: any SecretOctets) async {
        KioskProbe.say("secret \(secret.count)")
        secret.erase()
    }

    func end() async {
        state.withLock {
            $0.steps?.finish()
            $0.steps = nil
        }
        KioskProbe.say("ended")
    }

    func line() async -> KioskLine { state.withLock { $0.line } }

    func play(_ text: String) {
        guard let order = try? JSONDecoder().decode(Order.self, from: Data(text.utf8)) else {
            return KioskProbe.say("not understood")
        }
        if let line = order.line {
            state.withLock { $0.line = KioskLine(line == "offline" ? .offline : .online, waiting: order.waiting ?? 0) }
        }
        if let step = order.kioskStep { _ = state.withLock { $0.steps?.yield(step) } }
    }
}

/// One line of standard input.
private struct Order: Decodable {
    let step: String?
    let line: String?
    let waiting: Int?
    let kind: String?
    let tries: Int?
    let wrong: Bool?
    let verdict: String?
    let code: String?
    let place: String?
    let notices: [[String: String]]?
    let sentences: [String: String]?
    let details: [[String]]?

    var kioskStep: KioskStep? {
        switch step {
        case "reader_missing": .readerMissing
        case "waiting_for_card": .waitingForCard
        case "reading": .reading
        case "working": .working
        case "take_card": .takeCard
        case "secret_needed":
            .secretNeeded(
                SecretPrompt(
                    kind: SecretKind(rawValue: kind ?? "") ?? .fourDigits, medium: .card, triesLeft: tries ?? 3,
                    attempt: wrong == true ? .afterWrong : .first, place: place == "reader" ? .reader : .page))
        case "finished":
            KioskOutcome.Verdict(rawValue: verdict ?? "").map { verdict in
                let details = (details ?? []).filter { $0.count == 2 }
                return .finished(
                    KioskOutcome(
                        verdict, sentences: sentences ?? [:], notices: notices ?? [],
                        details: details.map { KioskOutcome.Detail(code: $0[0], value: $0[1]) }))
            }
        case "trouble":
            KioskTrouble(rawValue: code ?? "").map { .trouble($0, sentences: sentences ?? [:]) }
        default: nil
        }
    }
}
