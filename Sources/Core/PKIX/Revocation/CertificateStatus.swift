/// What is known about the revocation of one certificate, and from where.
///
/// Three-valued at heart: "could not find out" is ``Status/undetermined`` with
/// its reason, never `good` and never `revoked`.
package struct CertificateStatus: Hashable, Sendable {
    package enum Status: String, CaseIterable, Sendable {
        case good
        case revoked
        /// certificateHold. JPKI never releases one, so it makes a result invalid.
        case onHold = "on_hold"
        /// An authorised responder says that it does not know the certificate (RFC 6960 §2.2).
        case unknown
        case undetermined
    }

    package enum UndeterminedReason: String, CaseIterable, Sendable {
        /// There should be a list or an answer, and it could not be had.
        case sourceUnavailable = "source_unavailable"
        /// What was had is past its nextUpdate or past the policy's maximum age.
        case sourceStale = "source_stale"
        /// No list at all is for this certificate.
        case noMatchingCRL = "no_matching_crl"
        /// The responder may not speak for the issuer (RFC 6960 §4.2.2.2).
        case responderUnauthorized = "responder_unauthorized"
        /// Undecodable, or it does not answer the question.
        case responseInvalid = "response_invalid"
        case signatureInvalid = "signature_invalid"
        case unsupportedCriticalExtension = "unsupported_critical_extension"
        /// The lists cover only some revocation reasons (RFC 5280 §6.3.3).
        case reasonsIncomplete = "reasons_incomplete"
        /// Expired certificates leave the list: a serial that is not on it says nothing.
        case certificateExpired = "certificate_expired"
        case limitExceeded = "limit_exceeded"
        case clockUntrusted = "clock_untrusted"
        case policyForbidsFallback = "policy_forbids_fallback"
    }

    package enum Method: String, Sendable {
        case crl
        case ocsp
    }

    package var status: Status
    /// Set exactly when ``status`` is undetermined.
    package var undeterminedReason: UndeterminedReason?
    /// The reason in the entry or the response; nil when none is given.
    package var revocationReason: RevocationReason?
    package var revokedAt: ValidationTime?
    /// What the answer rests on; nil when nothing could be used.
    package var method: Method?
    package var thisUpdate: ValidationTime?
    package var nextUpdate: ValidationTime?
    /// The number of the list that answered (RFC 5280 §5.2.3).
    package var crlNumber: CRLNumber?
    /// The distribution point of the list, as text, when it has one.
    package var distributionPoint: String?

    package init(
        _ status: Status,
        method: Method? = nil,
        thisUpdate: ValidationTime? = nil,
        nextUpdate: ValidationTime? = nil
    ) {
        self.status = status
        self.method = method
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
    }

    package static func undetermined(_ reason: UndeterminedReason, method: Method? = nil) -> CertificateStatus {
        var status = CertificateStatus(.undetermined, method: method)
        status.undeterminedReason = reason
        return status
    }
}

/// `CRLNumber ::= INTEGER (0..MAX)`, up to 20 octets (RFC 5280 §5.2.3). Ordered by value.
package struct CRLNumber: Hashable, Comparable, Sendable {
    /// Magnitude without leading zeros; empty for zero.
    package let magnitude: ArraySlice<UInt8>

    package init(_ value: UInt64) {
        magnitude = (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }.drop { $0 == 0 }
    }

    /// From an unsigned magnitude of up to 20 significant octets; nil for more.
    package init?(magnitude: some Collection<UInt8>) {
        let significant = Array(magnitude.drop { $0 == 0 })
        guard significant.count <= DecodingLimit.serialNumberOctets else { return nil }
        self.magnitude = significant[...]
    }

    package init(_ element: DERElement, in production: String = "CRLNumber") throws(DERError) {
        let octets = try element.integerOctets(in: production)
        guard let first = octets.first, first < 0x80 else { throw DERError(.invalidContents, in: production) }
        let magnitude = octets.drop { $0 == 0 }
        guard magnitude.count <= DecodingLimit.serialNumberOctets else {
            throw DERError(.limitExceeded, in: production)
        }
        self.magnitude = magnitude
    }

    /// From the content octets of an INTEGER, as ``octets`` writes them; nil for anything else.
    package init?(contents: [UInt8]) {
        let magnitude = contents.drop { $0 == 0 }
        guard magnitude.count <= DecodingLimit.serialNumberOctets else { return nil }
        self.magnitude = magnitude
        guard octets == contents else { return nil }
    }

    package static func < (left: Self, right: Self) -> Bool {
        if left.magnitude.count != right.magnitude.count { return left.magnitude.count < right.magnitude.count }
        return left.magnitude.lexicographicallyPrecedes(right.magnitude)
    }

    /// Content octets of the INTEGER.
    package var octets: [UInt8] {
        (magnitude.first ?? 0x80) >= 0x80 ? [0] + magnitude : Array(magnitude)
    }
}

extension CRLNumber: CustomStringConvertible {
    /// The decimal value.
    package var description: String {
        var digits: [UInt8] = [0]
        for octet in magnitude {
            var carry = Int(octet)
            for index in digits.indices {
                let value = Int(digits[index]) * 256 + carry
                digits[index] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return digits.reversed().map { String($0) }.joined()
    }
}
