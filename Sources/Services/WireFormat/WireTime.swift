package import PKIX

/// Times of answers: RFC 3339 in Japan's time.
package func wireTime(_ time: ValidationTime) -> String { time.rfc3339(offsetMinutes: 540) }
