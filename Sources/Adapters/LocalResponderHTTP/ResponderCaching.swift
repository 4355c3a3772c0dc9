internal import Crypto
internal import HTTPTypes
internal import LocalResponder
internal import PKIX

extension LocalResponderRoutes {
    /// The caching headers of RFC 5019 §6.2. Caches between are the municipality's own.
    static func caching(_ answer: LocalAnswer, until: ValidationTime) -> HTTPFields {
        let seconds = max(until.seconds(since: answer.producedAt), 0)
        let digest = Array(SHA256.hash(data: answer.der).prefix(16)).hexString.lowercased()
        return [
            .cacheControl: "max-age=\(seconds), public, no-transform, must-revalidate",
            .lastModified: httpDate(answer.producedAt),
            .expires: httpDate(until),
            .eTag: "\"\(digest)\"",
        ]
    }

    /// IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ time: ValidationTime) -> String {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let civil = time.civil
        let day = time.secondsSince1970 / 86_400 - (time.secondsSince1970 % 86_400 < 0 ? 1 : 0)
        let weekday = weekdays[Int(((day % 7) + 7) % 7)]
        let clock = [civil.hour, civil.minute, civil.second].map(twoDigits).joined(separator: ":")
        let year = String(repeating: "0", count: max(0, 4 - String(civil.year).count)) + String(civil.year)
        return "\(weekday), \(twoDigits(civil.day)) \(months[(civil.month + 11) % 12]) \(year) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
