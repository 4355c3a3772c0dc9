internal import PKIX
internal import SignatureAlgorithms
internal import Verification

/// The code that an operator hands to whoever sets a terminal up: 20 characters of Crockford's base 32, 100 bits.
///
/// It is shown once. Its entropy makes a plain SHA-256 enough at rest: there is nothing to guess.
package struct EnrolmentCode: Sendable {
    package static let length = 20
    /// Octets of the longest text that is looked at.
    package static let longestText = 64

    private let characters: [UInt8]

    init(_ randomness: any Randomness) {
        characters = randomness.octets(EnrolmentCode.length).map { EnrolmentCode.alphabet[Int($0 & 31)] }
    }

    /// Reads a code as people type it: in either case, with or without hyphens and spaces, `O` for 0, `I` and `L` for 1.
    package init?(_ text: String) {
        guard text.utf8.count <= EnrolmentCode.longestText else { return nil }
        var characters: [UInt8] = []
        for octet in text.utf8 where octet != UInt8(ascii: "-") && octet != UInt8(ascii: " ") {
            let upper = (0x61...0x7A).contains(octet) ? octet - 0x20 : octet
            let read: UInt8 =
                switch upper {
                case UInt8(ascii: "O"): UInt8(ascii: "0")
                case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
                default: upper
                }
            guard EnrolmentCode.alphabet.contains(read) else { return nil }
            characters.append(read)
        }
        guard characters.count == EnrolmentCode.length else { return nil }
        self.characters = characters
    }

    /// `XXXXX-XXXXX-XXXXX-XXXXX`
    package var text: String {
        stride(from: 0, to: characters.count, by: 5)
            .map { String(decoding: characters[$0..<min($0 + 5, characters.count)], as: UTF8.self) }
            .joined(separator: "-")
    }

    /// What the store keeps.
    package var hash: [UInt8] { HashAlgorithm.sha256.digest(of: Array("akashi enrolment code 1\0".utf8) + characters) }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}
