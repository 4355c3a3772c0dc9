package import PKIX

/// What index images of one issuer say together, at a time, without the lists that they were made of.
///
/// An image does not hold its list's distribution point. `good` therefore means: on none of these lists, every one
/// of them current. Whoever picks the images answers for their being the lists that are about the certificates.
package struct StatusByIndices: Sendable {
    package enum Fault: Error, Hashable, Sendable {
        /// There is no image.
        case none
        /// Not every image is of the same issuer and key: a serial number alone would be anybody's.
        case severalIssuers
    }

    private let images: [RevocationIndexImage]
    private let time: ValidationTime
    package let issuer: DistinguishedName
    /// The answer for what no image names; the same for every certificate that has not expired.
    private let miss: CertificateStatus

    package init(_ images: [RevocationIndexImage], at time: ValidationTime) throws(Fault) {
        guard let first = images.first else { throw .none }
        guard images.allSatisfy({ $0.issuer == first.issuer && $0.issuerKeyDigest == first.issuerKeyDigest }) else {
            throw .severalIssuers
        }
        (self.images, self.time, issuer) = (images, time, first.issuer)
        miss = StatusByIndices.miss(images, time)
    }

    /// The status of a serial number of ``issuer``.
    package func status(of serial: SerialNumber) -> CertificateStatus { hit(serial) ?? miss }

    /// The status of a certificate. Of another issuer's nothing is known; expired ones leave the list.
    package func status(of certificate: Certificate) -> CertificateStatus {
        guard certificate.issuer == issuer else { return .undetermined(.noMatchingCRL) }
        if let hit = hit(certificate.serialNumber) { return hit }
        guard miss.status == .good, time > certificate.notAfter else { return miss }
        var status = miss
        (status.status, status.undeterminedReason) = (.undetermined, .certificateExpired)
        return status
    }

    /// The worst entry; a listed serial stays revoked whatever the list's age.
    private func hit(_ serial: SerialNumber) -> CertificateStatus? {
        var worst: CertificateStatus?
        for image in images where image.thisUpdate <= latest {
            guard let entry = image.entry(for: serial, issuer: issuer), entry.reason != .removeFromCRL else { continue }
            let isHold = entry.reason == .certificateHold
            if isHold, worst != nil { continue }
            var status = StatusByIndices.described(image, isHold ? .onHold : .revoked)
            (status.revocationReason, status.revokedAt) = (entry.reason, entry.revokedAt)
            guard !isHold else {
                worst = status
                continue
            }
            return status
        }
        return worst
    }

    private var latest: ValidationTime { time.advanced(bySeconds: CRLContext.toleratedSkew) }

    /// Not on any: good only when one is about every reason and none is past its time.
    private static func miss(_ images: [RevocationIndexImage], _ time: ValidationTime) -> CertificateStatus {
        func undetermined(_ image: RevocationIndexImage, _ reason: CertificateStatus.UndeterminedReason)
            -> CertificateStatus
        {
            var status = described(image, .undetermined)
            status.undeterminedReason = reason
            return status
        }
        let whole = images.filter { !$0.isDelta && !$0.isOfSomeReasons && !$0.isIndirect }
        guard let oldest = whole.min(by: { $0.thisUpdate < $1.thisUpdate }) else {
            return .undetermined(images.contains(where: \.isOfSomeReasons) ? .reasonsIncomplete : .noMatchingCRL)
        }
        if let ahead = images.first(where: { $0.thisUpdate > time.advanced(bySeconds: CRLContext.toleratedSkew) }) {
            return undetermined(ahead, .noMatchingCRL)
        }
        if let stale = images.first(where: { $0.nextUpdate.map { $0 < time } ?? false }) {
            return undetermined(stale, .sourceStale)
        }
        return described(oldest, .good)
    }

    private static func described(_ image: RevocationIndexImage, _ word: CertificateStatus.Status) -> CertificateStatus
    {
        var status = CertificateStatus(
            word, method: .crl, thisUpdate: image.thisUpdate, nextUpdate: image.nextUpdate)
        status.crlNumber = image.crlNumber
        return status
    }
}
