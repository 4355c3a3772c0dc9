internal import CardProtocol
package import MessageCatalogue
package import TerminalSession
internal import WireFormat

extension KioskStep {
    /// A state of the identification as the page shows it; nil for one that shows nothing.
    package init?(_ state: FlowState, _ messages: MessageStore) {
        switch state {
        case .idle: return nil
        case .waitingForCard: self = .waitingForCard
        case .recognising: self = .reading
        case .pinNeeded(let prompt) where prompt.reason == .lastTry:
            // The page has no supervisor: its own sentences say what is done instead.
            self = .trouble(.lastTry, sentences: [:])
        case .pinNeeded(let prompt): self = .secretNeeded(SecretPrompt(prompt))
        case .working: self = .working
        case .finished(let result): self = .finished(KioskOutcome(result, messages))
        case .failed(let failure):
            let own = messages.sentences(failure.code, triesLeft: failure.triesLeft)
            self = .trouble(
                KioskTrouble(failure.code), sentences: failure.messages.isEmpty ? own : failure.messages)
        }
    }
}

extension SecretPrompt {
    init(_ prompt: PINPrompt) {
        self.init(
            kind: SecretKind(prompt.pin), medium: prompt.medium,
            triesLeft: prompt.triesLeft, attempt: prompt.reason == .wrong ? .afterWrong : .first,
            place: prompt.place == .reader ? .reader : .page)
    }
}

extension SecretKind {
    init(_ pin: CardPIN) {
        self =
            switch pin {
            case .digitalSignature: .password
            case .textInput: .textDigits
            case .userAuthentication, .faceNumberB: .fourDigits
            }
    }
}

extension KioskTrouble {
    /// What the person at the counter can do is the same for several codes; their sentences tell them apart.
    init(_ code: TerminalCode) {
        self =
            switch code {
            case .pinBlocked, .pinBlockedSignature, .pinBlockedFaceNumberB: .secretBlocked
            case .lastTry: .lastTry
            case .faceAuthenticationCard: .faceOnly
            case .noSignatureCertificate, .noAuthenticationCertificate, .pinAbsent: .noCertificate
            case .foreignCard: .foreignCard
            case .cardItselfNeeded: .cardItself
            case .removed, .pinCancelled: .removedEarly
            case .malformedAnswer, .cardRefused, .counterUnreadable, .cardUnresponsive, .cardTimedOut, .severalCards,
                .cardInUse, .unsupportedCardAlgorithm:
                .cardUnreadable
            case .platformUnreachable: .lineDown
            default: .internalFault
            }
    }
}

extension KioskOutcome {
    init(_ result: IdentificationResult, _ messages: MessageStore) {
        let notices = result.notices.map {
            messages.messages([MessageKey(.terminal, $0.code.rawValue)], values: $0.values)
        }.filter { !$0.isEmpty }
        let own = result.code.map { messages.messages([MessageKey(.terminal, $0.rawValue)]) } ?? [:]
        switch result.outcome {
        case .judged(let answer), .tapped(let answer):
            self.init(
                Verdict(result: answer.result), sentences: own.isEmpty ? answer.messages : own, notices: notices,
                details: [Detail(code: "checked_at", value: KioskOutcome.minute(answer.createdAt))])
        case .queued(let check):
            self.init(
                .queued, sentences: own, notices: notices,
                details: [Detail(code: "queue_number", value: String(check.sequence))])
        case .attributes, .certificateRead:
            // Neither shows who stands at the counter.
            self.init(.undetermined, sentences: own, notices: notices)
        }
    }

    /// `2026-11-23T14:05:12+09:00` → `2026-11-23 14:05`.
    private static func minute(_ time: String) -> String {
        guard time.utf8.count >= 16 else { return time }
        return time.prefix(10) + " " + time.dropFirst(11).prefix(5)
    }
}

extension KioskOutcome.Verdict {
    init(result: String) {
        self =
            switch result {
            case "valid": .confirmed
            case "invalid": .refused
            default: .undetermined
            }
    }
}

extension MessageStore {
    fileprivate func sentences(_ code: TerminalCode, triesLeft: Int?) -> [String: String] {
        messages(
            [MessageKey(.terminal, code.rawValue)], values: triesLeft.map { ["tries": String($0)] } ?? [:])
    }
}
