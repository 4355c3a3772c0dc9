/// What one kind of job does with its lines: the same lines under the same basis give the same octets for ever. Lines
/// with a sealed record are settled in a ledger besides, which knows a line that is answered again.
package protocol BatchWork: Sendable {
    /// Answers whole lines, each with its line end, in their order.
    ///
    /// - Parameters:
    ///   - lines: octets of the input; every line ends with LF.
    ///   - first: the number of the first line, from 1.
    func answers(to lines: [UInt8], first: Int) async -> BatchAnswers
}

/// The answers to some lines.
package struct BatchAnswers: Sendable {
    /// One line of JSON for each line.
    package var octets: [UInt8] = []
    /// By the word of the answer.
    package var counts: [String: Int] = [:]
    package var lines = 0

    package init() {}

    package mutating func count(_ word: String) {
        counts[word, default: 0] += 1
        lines += 1
    }
}
