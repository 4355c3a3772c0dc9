/// Why a value could not be decoded, and in which production.
///
/// Decoding never traps: every malformed input ends in one of these. The
/// error names structure only and carries no octet of the input.
public struct DERError: Error, Hashable, Sendable {
    /// The closed set of reasons.
    public enum Code: String, Sendable, CaseIterable {
        /// The value ends before its own length says so.
        case truncated
        /// Octets follow the value.
        case trailingData = "trailing_data"
        /// BER's indefinite length, which DER forbids (X.690 §10.1).
        case indefiniteLength = "indefinite_length"
        /// A length that does not use the fewest octets (X.690 §10.1).
        case nonMinimalLength = "non_minimal_length"
        /// A tag number above 30. No production of PKIX has one.
        case highTagNumber = "high_tag_number"
        /// Another tag than the production calls for.
        case unexpectedTag = "unexpected_tag"
        /// Contents that the type does not allow, for example BOOLEAN 01.
        case invalidContents = "invalid_contents"
        /// Well-formed DER that breaks a rule of the production.
        case invalidStructure = "invalid_structure"
        /// A version of the structure that this decoder does not know.
        case unsupportedVersion = "unsupported_version"
        /// One of ``DecodingLimit``.
        case limitExceeded = "limit_exceeded"
    }

    public let code: Code
    /// The production, as the RFC names it: `TBSCertificate.validity`.
    public let production: String

    public init(_ code: Code, in production: String) {
        self.code = code
        self.production = production
    }
}

extension DERError: CustomStringConvertible {
    public var description: String { "\(code.rawValue) in \(production)" }
}

/// Upper bounds on what one decoded structure may hold. Each overrun is
/// ``DERError/Code/limitExceeded`` in the production that is too large.
package enum DecodingLimit {
    /// Octets of one certificate.
    package static let certificateOctets = 65_536
    /// Octets of one OCSP response or request.
    package static let ocspOctets = 1_048_576
    /// Octets of an OBJECT IDENTIFIER's contents.
    package static let objectIdentifierOctets = 128
    /// Significant octets of a serial number (RFC 5280 §4.1.2.2).
    package static let serialNumberOctets = 20
    /// Attributes in one distinguished name.
    package static let nameAttributes = 128
    /// Extensions in one certificate, list or response.
    package static let extensions = 128
    /// Elements of one SEQUENCE OF inside an extension.
    package static let extensionElements = 8_192
}
