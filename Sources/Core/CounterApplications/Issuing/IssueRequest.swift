package import Organizations
internal import SignatureAlgorithms

/// What the centre asks of a municipality's 証明発行サーバ: one certificate for one application.
///
/// Everything that the answer must belong to is bound by ``orderDigest``.
package struct IssueRequest: Hashable, Sendable {
    /// Random, one for each application: the idempotency key at the issuer, and the id to ask about and to cancel by.
    package let requestID: String
    package let application: ApplicationID
    package let municipality: MunicipalityCode
    /// 宛名番号 of the applicant.
    package let residentID: String
    package let order: CertificateOrder
    /// What the issuer prints on every page, in groups of four.
    package let controlNumber: ControlNumber
    /// 32 random octets that bind the recipient's digest to this request.
    package let nonce: [UInt8]

    package init(
        requestID: String,
        application: ApplicationID,
        municipality: MunicipalityCode,
        residentID: String,
        order: CertificateOrder,
        controlNumber: ControlNumber,
        nonce: [UInt8]
    ) {
        self.requestID = requestID
        self.application = application
        self.municipality = municipality
        self.residentID = residentID
        self.order = order
        self.controlNumber = controlNumber
        self.nonce = nonce
    }

    /// The canonical encoding: the format's name, then each field with its length in four octets before it, in the
    /// order of application id, 団体, 宛名番号, order, 管理番号, nonce.
    package var canonicalOctets: [UInt8] {
        var octets = CanonicalOctets("akashi-order")
        octets.append(application.rawValue)
        octets.append(municipality.digits)
        octets.append(residentID)
        octets.append(order.canonicalOctets)
        octets.append(controlNumber.rawValue)
        octets.append(nonce)
        return octets.bytes
    }

    /// SHA-256 over ``canonicalOctets``.
    package var orderDigest: [UInt8] { HashAlgorithm.sha256.digest(of: canonicalOctets) }

    /// What the issuer's answer must hold when it printed this applicant's own entry.
    package var recipientDigest: [UInt8] { IssueRequest.recipientDigest(nonce: nonce, residentID: residentID) }

    /// SHA-256("akashi-recipient" ‖ 0x00 ‖ nonce ‖ 宛名番号). The issuer computes it from the entry **that it printed**,
    /// never from the request's own 宛名番号.
    package static func recipientDigest(nonce: [UInt8], residentID: String) -> [UInt8] {
        HashAlgorithm.sha256.digest(of: Array("akashi-recipient".utf8) + [0] + nonce + Array(residentID.utf8))
    }
}

/// Fields with their lengths before them, so that no two lists of fields have one encoding.
struct CanonicalOctets {
    private(set) var bytes: [UInt8]

    /// - Parameter format: the name of what is encoded, in ASCII.
    init(_ format: String) { bytes = Array(format.utf8) + [0] }

    mutating func append(_ octets: [UInt8]) {
        let count = UInt32(truncatingIfNeeded: octets.count)
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) }
        bytes += octets
    }

    mutating func append(_ text: String) { append(Array(text.utf8)) }

    mutating func append(_ number: Int) { append(String(number)) }
}
