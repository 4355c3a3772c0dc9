/// Why the sandbox refused. Carries no value of a person.
package enum SandboxError: Error, Hashable, Sendable {
    case unknownResident
    /// The resident has no usable certificate of that kind.
    case noSuchCertificate
    case unknownMunicipality
    case unknownTarget
    case unknownList
    /// 顔認証マイナンバーカード: no PIN was ever set.
    case pinNotSet
    case wrongPIN(triesLeft: Int)
    /// Too many wrong tries; the card would have to be unlocked at a counter.
    case pinLocked
    /// Already revoked; a hold is never released either.
    case alreadyRevoked
    case invalidRequest(String)
    /// A word that is none of those that a field takes.
    case unknownWord(field: String, known: [String])
    case notStarted
}
