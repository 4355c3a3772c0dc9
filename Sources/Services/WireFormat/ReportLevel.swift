/// How much of a report an answer tells.
package enum ReportLevel: String, CaseIterable, Codable, Sendable {
    /// Each check's code and outcome.
    case simple
    /// Also the clause that a check implements, and what it found.
    case detailed
    /// As detailed; kept apart for callers that ask for all there is.
    case diagnostic
}
