package import CardProtocol
package import WireFormat

/// What came out of an identification.
package struct IdentificationResult: Hashable, Sendable {
    /// Each way has its own kind of outcome.
    package enum Outcome: Hashable, Sendable {
        /// The platform's full report; its assurance is `pin_authentication` or `pin_signature`.
        case judged(AnswerBody)
        /// 未確認（復旧後に一括確認）: sealed on this device, judged when the line is back.
        case queued(QueuedCheck)
        /// What the card says of its holder, and whether its issuer signed it.
        case attributes(BasicFourRecord, AttributesVerdict, by: IdentificationWay.AttributesKey)
        /// かざし利用: the card proved to hold the certificate; the platform says what it is worth.
        case tapped(AnswerBody)
        /// A certificate was read. It proves nothing: whoever has a copy can show it.
        case certificateRead(AnswerBody?)
    }

    package let medium: CardMedium
    package let way: IdentificationWay
    package let outcome: Outcome
    package let notices: [CardNotice]
    package let triesLeft: Int?
    /// The files of 券面事項入力補助 as the card gave them, where attributes were read.
    package var textFiles: [CardFile: [UInt8]] = [:]

    /// How the person was recognised; nil where nobody was.
    package var assurance: AssuranceLevel? {
        switch outcome {
        case .judged(let answer): answer.assuranceLevel.flatMap(AssuranceLevel.init(rawValue:))
        case .attributes(_, let verdict, by: .faceNumberB): verdict == .invalid ? nil : .faceNumberB
        case .tapped(let answer): answer.result == "valid" ? .tapInternalAuth : nil
        case .queued, .attributes, .certificateRead: nil
        }
    }

    /// Whether the check succeeded. Queued, undetermined and read-only outcomes did not.
    package var isPositive: Bool {
        switch outcome {
        case .judged(let answer), .tapped(let answer): answer.result == "valid"
        case .attributes(_, let verdict, _): verdict != .invalid
        case .queued, .certificateRead: false
        }
    }

    /// The code of its sentences; nil where the platform's own stand in the answer.
    package var code: TerminalCode? {
        switch outcome {
        case .judged: nil
        case .tapped(let answer): answer.result == "valid" ? .tapProven : nil
        case .queued: .queued
        case .attributes(_, .proven, _): .attributesProven
        case .attributes(_, .issuerUnchecked, _): .attributesIssuerUnchecked
        case .attributes(_, .invalid, _): .attributesInvalid
        case .certificateRead: .certificateRead
        }
    }
}
