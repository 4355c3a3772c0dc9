package import CardProtocol

/// Which secret opens the key that is used, as people know it.
package enum SecretKind: String, Hashable, CaseIterable, Sendable {
    /// 利用者証明用: 4 digits, 3 tries.
    case fourDigits = "four_digits"
    /// 券面事項入力補助用: 4 digits, 3 tries.
    case textDigits = "text_digits"
    /// 署名用: 6 to 16 of A–Z and 0–9, 5 tries.
    case password

    /// Characters.
    package var lengths: ClosedRange<Int> {
        switch self {
        case .fourDigits, .textDigits: 4...4
        case .password: 6...16
        }
    }
}

/// What the person who enters a secret must know beforehand.
package struct SecretPrompt: Hashable, Sendable {
    package enum Attempt: Hashable, Sendable {
        case first
        /// The one before was wrong, and cost a try.
        case afterWrong
    }

    /// Where it is entered.
    package enum Place: Hashable, Sendable {
        case page
        /// On the reader's own keys: the page shows what to do and takes nothing.
        case reader
    }

    package let kind: SecretKind
    package let medium: CardMedium
    /// Read from the card without spending one.
    package let triesLeft: Int
    package let attempt: Attempt
    package let place: Place

    package init(kind: SecretKind, medium: CardMedium, triesLeft: Int, attempt: Attempt, place: Place = .page) {
        (self.kind, self.medium, self.triesLeft, self.attempt) = (kind, medium, triesLeft, attempt)
        self.place = place
    }
}

/// Why a check ended without a verdict, as far as the person at the counter does something else. Each has its own
/// sentences in `texts.json`, under `trouble_` and this code.
package enum KioskTrouble: String, Hashable, CaseIterable, Sendable {
    case secretBlocked = "secret_blocked"
    /// One try is left: it is never spent at the kiosk.
    case lastTry = "last_try"
    /// 顔認証マイナンバーカード: no secret works, the clerk looks at the person.
    case faceOnly = "face_only"
    /// The card carries no certificate of the kind that is asked for, as a child's no 署名用.
    case noCertificate = "no_certificate"
    case foreignCard = "foreign_card"
    /// A phone, where only the card itself has what is read.
    case cardItself = "card_itself"
    /// Taken away before the end. No try was lost.
    case removedEarly = "removed_early"
    case cardUnreadable = "card_unreadable"
    /// The platform is out of reach, and there is no queue that would take the check.
    case lineDown = "line_down"
    case internalFault = "internal_fault"

    /// Whether the same person goes on by putting a card in again.
    var isRetried: Bool {
        switch self {
        case .foreignCard, .cardItself, .removedEarly, .cardUnreadable: true
        default: false
        }
    }
}

/// A finished check.
package struct KioskOutcome: Hashable, Sendable {
    package enum Verdict: String, Hashable, CaseIterable, Sendable {
        case confirmed
        case refused
        case undetermined
        /// The line is down: 未確認（復旧後に一括確認）.
        case queued
    }

    /// One thing beside the verdict: its label stands in `texts.json`, under `detail_` and `code`.
    package struct Detail: Hashable, Sendable {
        package let code: String
        package let value: String

        package init(code: String, value: String) { (self.code, self.value) = (code, value) }
    }

    package let verdict: Verdict
    /// By audience of the message catalogue: `staff_ja`, `resident_ja`, `resident_zh` and so on.
    package let sentences: [String: String]
    /// What the person should hear besides, such as an expiry that is near; keyed as `sentences`.
    package let notices: [[String: String]]
    package let details: [Detail]

    package init(
        _ verdict: Verdict, sentences: [String: String] = [:], notices: [[String: String]] = [], details: [Detail] = []
    ) {
        (self.verdict, self.sentences, self.notices, self.details) = (verdict, sentences, notices, details)
    }
}

/// One step of a check, as the page shows it.
package enum KioskStep: Hashable, Sendable {
    case readerMissing
    case waitingForCard
    /// As ``waitingForCard``, for what a card has and a phone has not.
    case waitingForCardItself
    /// The card is being recognised.
    case reading
    case secretNeeded(SecretPrompt)
    /// Card and platform are at work.
    case working
    case finished(KioskOutcome)
    /// With the message catalogue's sentences, where it has any; keyed `staff_ja`, `resident_ja` and so on.
    case trouble(KioskTrouble, sentences: [String: String])
    /// The one before has gone, the card still lies in the reader.
    case takeCard
    case counter(CounterStep)
    case form(FormStep)

    /// Whether it shows, or is about to show, something of one person; so does the wait for a card when something has
    /// been chosen, since the next person's card would go on with it.
    func isPersonal(on occasion: KioskOccasion) -> Bool {
        switch self {
        case .readerMissing, .waitingForCard, .waitingForCardItself, .takeCard: occasion == .underway
        case .reading, .secretNeeded, .working, .finished, .trouble: true
        case .counter(let step): step.isPersonal
        case .form(let step): step.isPersonal
        }
    }
}

/// What a card is waited for.
package enum KioskOccasion: Hashable, Sendable {
    /// Whoever comes begins.
    case anybody
    /// Somebody has chosen something: the card is to be theirs.
    case underway

    /// Going back to the choice leaves it to anybody again.
    func after(_ step: KioskStep) -> KioskOccasion {
        switch step {
        case .counter(let step): step.isPersonal ? .underway : .anybody
        case .form(let step): step.isPersonal ? .underway : .anybody
        default: self
        }
    }
}

/// How the terminal stands to the platform.
package struct KioskLine: Hashable, Sendable {
    package enum State: Hashable, Sendable { case online, offline }

    package let state: State
    /// Sealed records that wait for the line.
    package let waiting: Int

    package init(_ state: State, waiting: Int = 0) { (self.state, self.waiting) = (state, waiting) }
}
