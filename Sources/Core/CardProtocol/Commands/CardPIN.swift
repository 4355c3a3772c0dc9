/// A secret of the card that a VERIFY compares.
package enum CardPIN: String, CaseIterable, Sendable {
    /// 利用者証明用電子証明書の暗証番号: EF 0018, four digits, three tries.
    case userAuthentication = "user_authentication"
    /// 署名用電子証明書の暗証番号: EF 001B, 6 to 16 letters and digits, five tries.
    case digitalSignature = "digital_signature"
    /// 券面事項入力補助の暗証番号: EF 0011, four digits, three tries.
    case textInput = "text_input"
    /// 照合番号B: EF 0015, 14 digits from the card's face, ten tries.
    case faceNumberB = "face_number_b"

    /// Which characters a PIN has.
    package enum Alphabet: String, Sendable {
        case digits
        /// A to Z and 0 to 9; lower case is read as upper case, since cards know upper case alone.
        case lettersAndDigits = "letters_and_digits"
    }

    package var application: CardApplication {
        switch self {
        case .userAuthentication, .digitalSignature: .publicPersonalAuthentication
        case .textInput, .faceNumberB: .textInput
        }
    }

    package var file: UInt16 {
        switch self {
        case .userAuthentication: 0x0018
        case .digitalSignature: 0x001B
        case .textInput: 0x0011
        case .faceNumberB: 0x0015
        }
    }

    package var lengths: ClosedRange<Int> {
        switch self {
        case .userAuthentication, .textInput: 4...4
        case .digitalSignature: 6...16
        case .faceNumberB: 14...14
        }
    }

    package var alphabet: Alphabet { self == .digitalSignature ? .lettersAndDigits : .digits }

    /// Tries of a new card.
    package var tries: Int {
        switch self {
        case .userAuthentication, .textInput: 3
        case .digitalSignature: 5
        case .faceNumberB: 10
        }
    }

    /// The octet that the card compares for a typed one; nil for a character that this PIN cannot have.
    package func octet(for typed: UInt8) -> UInt8? {
        switch (typed, alphabet) {
        case (0x30...0x39, _): typed
        case (0x41...0x5A, .lettersAndDigits): typed
        case (0x61...0x7A, .lettersAndDigits): typed - 0x20
        default: nil
        }
    }
}

/// What the card says about a PIN before anybody types it.
package enum PINState: Hashable, Sendable {
    case triesLeft(Int)
    /// No more tries: a visit to the counter of the municipality sets it anew.
    case blocked
    /// The card has no such PIN.
    case absent
    /// VERIFY without data answered 9000: it stands verified, and the counter is not told.
    case verified
    /// An answer that is none of these.
    case unreadable(StatusWord)

    /// Nil unless it is known.
    package var triesLeft: Int? {
        switch self {
        case .triesLeft(let count): count
        case .blocked: 0
        case .absent, .verified, .unreadable: nil
        }
    }
}

/// A secret held somewhere that can be overwritten, never as a `String` or an array of Swift.
package protocol SecretOctets: AnyObject, Sendable {
    var count: Int { get }
    /// The octets, for as long as `body` runs.
    func withOctets<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
    /// Overwrites the octets; ``count`` is 0 afterwards.
    func erase()
}

extension CardPIN {
    /// Whether a typed secret has the form of this PIN. One that has not is never sent: it would cost a try.
    package func accepts(_ secret: some SecretOctets) -> Bool {
        lengths.contains(secret.count) && secret.withOctets { $0.allSatisfy { octet(for: $0) != nil } }
    }
}
