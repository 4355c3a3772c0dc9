package import PKIX

/// Something about the card that its holder should hear, whatever the result.
package enum CardNotice: Hashable, Sendable {
    /// Whole months to the end of validity. From three months before it the certificate can be renewed.
    case expiresInMonths(Int)
    /// Less than a month.
    case expiresInDays(Int)
    case expired

    package var code: TerminalCode {
        switch self {
        case .expiresInMonths: .expiresInMonths
        case .expiresInDays: .expiresInDays
        case .expired: .certificateExpired
        }
    }

    /// Values for the sentence.
    package var values: [String: String] {
        switch self {
        case .expiresInMonths(let months): ["months": String(months)]
        case .expiresInDays(let days): ["days": String(days)]
        case .expired: [:]
        }
    }

    /// The notice about a certificate that ends at `end`; nil while renewal is not yet possible.
    ///
    /// - Parameter window: how many months before the end renewal begins: 3 for today's card, 12 for the next.
    package init?(end: ValidationTime, now: ValidationTime, renewalWindow window: Int = 3) {
        guard now <= end else {
            self = .expired
            return
        }
        // Days and months are Japan's: UTC+9 all the year.
        let (today, last) = (now.advanced(bySeconds: 32_400).civil, end.advanced(bySeconds: 32_400).civil)
        var months = (last.year - today.year) * 12 + last.month - today.month
        if last.day < today.day { months -= 1 }
        // Renewal begins on the day of the month three months before the end: that day is inside the window.
        guard months < window || (months == window && last.day == today.day) else { return nil }
        self = months >= 1 ? .expiresInMonths(months) : .expiresInDays(Int(end.seconds(since: now) / 86_400))
    }
}
