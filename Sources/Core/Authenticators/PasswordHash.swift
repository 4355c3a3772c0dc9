internal import Crypto
internal import CryptoExtras

/// A password at rest: scrypt (RFC 7914) with a salt of its own.
package struct PasswordHash: Hashable, Sendable {
    /// What scrypt costs. Stored with each hash, so that it can be raised.
    package struct Cost: Hashable, Sendable {
        /// log2 of N, RFC 7914 §2.
        package let logRounds: Int
        package let blockSize: Int
        package let parallelism: Int

        /// 32 MiB and some 0.1 s.
        package static let standard = Cost(logRounds: 15, blockSize: 8, parallelism: 1)

        /// What is stored is believed within bounds alone: at most 256 MiB.
        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            (self.logRounds, self.blockSize, self.parallelism) = (logRounds, blockSize, parallelism)
        }

        var isWithinBounds: Bool {
            (4...18).contains(logRounds) && (1...8).contains(blockSize) && (1...4).contains(parallelism)
        }
    }

    package enum Refusal: Error, Hashable, Sendable {
        /// Fewer than ``PasswordHash/leastCharacters`` characters.
        case tooShort
        /// More than ``PasswordHash/mostOctets`` octets.
        case tooLong
        /// A control character: it cannot be typed again.
        case controlCharacter
        /// One character again and again, or characters in a row.
        case tooSimple
        case costOutOfBounds
    }

    /// NIST SP 800-63B-4 §3.1.1.2 asks for 15 where a password stands alone, and 8 beside another factor.
    package static let leastCharacters = 12
    package static let mostOctets = 256
    package static let saltSize = 16

    package let salt: [UInt8]
    package let cost: Cost
    package let hash: [UInt8]

    /// A hash that was stored.
    package init(salt: [UInt8], cost: Cost, hash: [UInt8]) { (self.salt, self.cost, self.hash) = (salt, cost, hash) }

    /// Hashes a new password. It is taken as it is typed: no composition rules (NIST SP 800-63B-4 §3.1.1.2).
    package init(of password: String, salt: [UInt8], cost: Cost = .standard) throws(Refusal) {
        try PasswordHash.check(password)
        guard let hash = PasswordHash.derive(password, salt, cost) else { throw .costOutOfBounds }
        self.init(salt: salt, cost: cost, hash: hash)
    }

    /// Whether this is the password. Takes the time of one derivation, whatever the answer.
    package func matches(_ password: String) -> Bool {
        guard password.utf8.count <= PasswordHash.mostOctets,
            let derived = PasswordHash.derive(password, salt, cost), derived.count == hash.count
        else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(derived, hash) { difference |= one ^ other }
        return difference == 0
    }

    private static func check(_ password: String) throws(Refusal) {
        guard password.utf8.count <= mostOctets else { throw .tooLong }
        guard password.count >= leastCharacters else { throw .tooShort }
        let scalars = password.unicodeScalars.map(\.value)
        guard !scalars.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .controlCharacter }
        let steps = Set(zip(scalars, scalars.dropFirst()).map { Int64($1) - Int64($0) })
        guard steps.count > 2 else { throw .tooSimple }
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
        guard cost.isWithinBounds else { return nil }
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return key?.withUnsafeBytes { Array($0) }
    }
}
