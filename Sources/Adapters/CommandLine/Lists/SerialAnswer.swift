package import PKIX
package import RevocationLists

/// What one list says about one serial: an element of `answers`, or a line of `akashi crl status`.
package struct SerialAnswer: Hashable, Sendable {
    package enum Status: String, Sendable {
        /// Not on a list that is about every reason.
        case good
        case revoked
        case onHold = "on_hold"
        /// Not on the list, or taken off it, and the list is a delta or about some reasons only: it does not say.
        case undetermined
    }

    package let status: Status
    /// nil when none is given, or when the certificate is not on the list.
    package let reason: RevocationReason?
    package let revokedAt: ValidationTime?

    /// The answer of an index about a certificate of the list's own issuer.
    package init(_ image: RevocationIndexImage, _ serial: SerialNumber) {
        if let value = serial.unsigned64 {
            self.init(image, image.find(value))
        } else {
            let entry = image.entry(for: serial, issuer: image.issuer)
            self.init(image, entry.map { ($0.reason, $0.revokedAt) })
        }
    }

    /// The answer that goes with a finding of ``RevocationIndexImage/find(_:)``.
    init(_ image: RevocationIndexImage, _ finding: RevocationIndexImage.Finding?) {
        self.init(
            image,
            finding.map {
                (RevocationReason(rawValue: $0.reasonCode), ValidationTime(secondsSince1970: $0.secondsSince1970))
            })
    }

    private init(
        _ image: RevocationIndexImage, _ entry: (reason: RevocationReason?, revokedAt: ValidationTime)?
    ) {
        let isWhole = !image.isDelta && !image.isOfSomeReasons
        guard let entry, entry.reason != .removeFromCRL else {
            (status, reason, revokedAt) = (isWhole ? .good : .undetermined, nil, nil)
            return
        }
        status = entry.reason == .certificateHold ? .onHold : .revoked
        (reason, revokedAt) = (entry.reason, entry.revokedAt)
    }
}

extension JSONWriter {
    /// The members of an answer about `serial`, which is given back as it was asked.
    mutating func write(_ answer: SerialAnswer, serial: String) {
        member("serial", serial)
        member("status", answer.status.rawValue)
        member("revocation_reason", answer.reason?.name)
        member("revoked_at", answer.revokedAt?.description)
    }
}
