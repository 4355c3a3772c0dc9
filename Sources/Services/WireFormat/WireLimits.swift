/// Octets of the fields of a request. Whatever is larger is no certificate, signature or document of this API.
package enum WireLimit {
    package static let certificate = 65_536
    package static let signature = 2_048
    package static let content = 524_288
    package static let digest = 64
    package static let identifier = 64
    package static let chainCertificates = 10
    package static let locales = 10
    /// A caller's own id of a line of a bulk job.
    package static let reference = 128
    /// A file of a card.
    package static let cardFile = 8_192
    /// A text of a form: the longest address, four octets a character, and selectors of variants.
    package static let formText = 2_048
}
