package import SignatureAlgorithms

/// A signature and what it is claimed to be over, as bytes that nobody has judged yet.
package struct SignedMessage: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case content([UInt8])
        /// The digest under the scheme's hash.
        case digest([UInt8])
    }

    /// The DER of the signer's certificate.
    package let certificate: [UInt8]
    package let content: Content
    /// Nil when the stated algorithm is not in the table.
    package let scheme: SignatureScheme?
    package let signature: [UInt8]

    package init(certificate: [UInt8], content: Content, scheme: SignatureScheme?, signature: [UInt8]) {
        self.certificate = certificate
        self.content = content
        self.scheme = scheme
        self.signature = signature
    }
}
