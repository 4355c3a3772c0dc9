/// Random ids: a prefix and 26 characters of Crockford's base 32, 130 bits, from the randomness port.
///
/// Nothing is keyed by time, counter or file name: two requests in the same
/// millisecond cannot meet (promise 10).
package struct IdentifierSource: Sendable {
    private let randomness: any Randomness

    package init(_ randomness: any Randomness) { self.randomness = randomness }

    package enum Prefix: String, Sendable {
        case challenge = "chl_"
        case verification = "ver_"
        case statusCheck = "sts_"
        case request = "req_"
        case statusBatch = "stb_"
        case verificationBatch = "vfb_"
        case device = "dev_"
        case residentLookup = "rlq_"
        case issueRequest = "isq_"
        /// The title of a print job.
        case printJob = "ak-"
        /// The title of a form's print job: no application owns it.
        case formJob = "akf-"
        case counterDriver = "drv_"
        case form = "frm_"
    }

    package func next(_ prefix: Prefix) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        let characters = randomness.octets(26).map { alphabet[Int($0 & 31)] }
        return prefix.rawValue + String(decoding: characters, as: UTF8.self)
    }

    /// 32 random octets: what a card signs, or an OCSP nonce (RFC 9654 §2.1).
    package func nonce() -> [UInt8] { randomness.octets(32) }
}
