/// What a virtual card does wrong on demand, at the n-th command after it was put in, counted from 1.
package struct Misbehaviour: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// It leaves the reader instead of answering.
        case removed
        /// It never answers.
        case mute
        /// One octet: not even a status word.
        case truncated
        /// Data without end: as many octets as an answer can have.
        case overlong
        /// The right length, the wrong octets, with success.
        case garbage
        /// 6F00, no precise diagnosis.
        case failing
    }

    package let kind: Kind
    package let command: Int

    package init(_ kind: Kind, at command: Int) { (self.kind, self.command) = (kind, command) }

    /// `removed@12`
    package init?(text: String) {
        let parts = text.split(separator: "@")
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let command = Int(parts[1]), command > 0
        else { return nil }
        self.init(kind, at: command)
    }

    /// What it makes of the right answer; nil where there is no answer.
    func spoil(_ answer: [UInt8]) -> [UInt8]? {
        switch kind {
        case .removed, .mute: nil
        case .truncated: [0x90]
        case .overlong: [UInt8](repeating: 0x30, count: 65_000) + [0x90, 0x00]
        case .garbage: answer.dropLast(2).map { _ in 0xA5 } + [0x90, 0x00]
        case .failing: [0x6F, 0x00]
        }
    }
}

/// How long a card takes. Real cards take some 20 to 40 ms for a command and about half a second for a signature.
package struct CardLatency: Hashable, Sendable {
    package var command: Duration
    package var signature: Duration

    package init(command: Duration = .zero, signature: Duration = .zero) {
        (self.command, self.signature) = (command, signature)
    }

    package static let none = CardLatency()
    package static let real = CardLatency(command: .milliseconds(25), signature: .milliseconds(450))
}
