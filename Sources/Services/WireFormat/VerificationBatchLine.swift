package import PKIX
internal import SignatureAlgorithms
package import SignatureValidation
internal import Verification

/// One line of a verification batch: a whole proof, and when it was checked.
package struct VerificationBatchLine: Hashable, Sendable {
    /// The caller's own id as the text of a JSON string, without its quotation marks; nil when none was given.
    package let reference: ArraySlice<UInt8>?
    package let message: SignedMessage
    /// What the content must be; nil for a signature over a document.
    package let challenge: [UInt8]?
    package let checkedAt: ValidationTime
    package let clock: Clock

    /// What the sender says of the clock that ``checkedAt`` was read from.
    package enum Clock: Hashable, Sendable {
        case trusted
        /// It was set back, set ahead or never set, as far as the device could tell.
        case untrusted
    }

    /// - Parameter octets: the line without its end.
    package init(_ octets: ArraySlice<UInt8>) throws(BatchLineRefusal) {
        let whole = Array(octets)
        do throws(RequestRefusal) {
            self = try ObjectReader.read(whole) { reader in
                let reference = reader.optionalText("ref", upTo: WireLimit.reference)
                let certificate = reader.octets("certificate", upTo: WireLimit.certificate)
                let scheme = reader.signatureScheme()
                let challenge = reader.optionalOctets("challenge", upTo: WireLimit.content)
                let message = reader.batchMessage(scheme, challenge)
                let signature = reader.octets("signature", upTo: WireLimit.signature)
                let time = reader.optionalTime("checked_at")
                let isUntrusted = reader.optionalBoolean("clock_untrusted") == true
                if !reader.has("checked_at") { reader.note(.missing, "is required", at: "checked_at") }
                guard let certificate, let message, let signature, let time else { return nil }
                return VerificationBatchLine(
                    reference: reference.map { jsonText($0)[...] },
                    message: SignedMessage(
                        certificate: certificate, content: message, scheme: scheme, signature: signature),
                    challenge: challenge, checkedAt: time, clock: isUntrusted ? .untrusted : .trusted)
            }
        } catch {
            throw BatchLineRefusal(error, line: whole)
        }
    }

    private init(
        reference: ArraySlice<UInt8>?,
        message: SignedMessage,
        challenge: [UInt8]?,
        checkedAt: ValidationTime,
        clock: Clock
    ) {
        self.reference = reference
        self.message = message
        self.challenge = challenge
        self.checkedAt = checkedAt
        self.clock = clock
    }
}

extension ObjectReader {
    /// `content` or `digest`; without either, the content is the challenge.
    fileprivate func batchMessage(_ scheme: SignatureScheme?, _ challenge: [UInt8]?) -> SignedMessage.Content? {
        guard has("content") || has("digest") else {
            if challenge == nil, !has("challenge") {
                note(.missing, "one of content, digest and challenge is required", at: "content")
            }
            return challenge.map { .content($0) }
        }
        return message(scheme).map { message in
            switch message {
            case .content(let octets): .content(octets)
            case .digest(let octets): .digest(octets)
            }
        }
    }
}
