package import PKIX

/// One element of `revokedCertificates` (RFC 5280 §5.1.2.6, §5.3).
package struct RevokedEntry: Hashable, Sendable {
    package let serialNumber: SerialNumber
    package let revokedAt: ValidationTime
    /// nil when none is given, or when the number is not one that RFC 5280 defines.
    package let reason: RevocationReason?
    /// When the key was lost, or the certificate became wrong, as far as the issuer knows (§5.3.2).
    package let invalidityDate: ValidationTime?
    /// The certificate's issuer where this entry names it: indirect lists only (§5.3.3). The entries that
    /// follow have the same one until another is named.
    package let certificateIssuer: DistinguishedName?

    package init(
        serialNumber: SerialNumber,
        revokedAt: ValidationTime,
        reason: RevocationReason? = nil,
        invalidityDate: ValidationTime? = nil,
        certificateIssuer: DistinguishedName? = nil
    ) {
        self.serialNumber = serialNumber
        self.revokedAt = revokedAt
        self.reason = reason
        self.invalidityDate = invalidityDate
        self.certificateIssuer = certificateIssuer
    }

    /// Of two entries for one certificate, the one that counts: a revocation before a hold, a hold before
    /// a removal, of two alike the earlier, and of two of one time the one with the lower reason: the order in
    /// which they stand in the list never matters.
    func combined(with other: RevokedEntry?) -> RevokedEntry {
        guard let other else { return self }
        if severity != other.severity { return severity > other.severity ? self : other }
        if revokedAt != other.revokedAt { return revokedAt < other.revokedAt ? self : other }
        if reasonNumber != other.reasonNumber { return reasonNumber < other.reasonNumber ? self : other }
        let (mine, theirs) = (invalidityDate, other.invalidityDate)
        guard let theirs else { return mine == nil ? other : self }
        return mine.map { $0 < theirs } == true ? self : other
    }

    private var reasonNumber: UInt8 { reason?.rawValue ?? EntryPayload.noReason }

    private var severity: Int {
        switch reason {
        case .removeFromCRL: 0
        case .certificateHold: 1
        default: 2
        }
    }
}

/// `crlEntryExtensions`, decoded (RFC 5280 §5.3).
struct EntryExtensions {
    var reason: RevocationReason?
    var invalidityDate: ValidationTime?
    var certificateIssuer: DistinguishedName?
    /// Critical ones that this program cannot process: the list must not be used (§5.3).
    var hasUnknownCritical = false

    init() {}

    /// Decodes the whole `Extensions` SEQUENCE.
    init(_ encoding: ArraySlice<UInt8>) throws(DERError) {
        let production = "crlEntryExtensions"
        let list = try DERReader.single(.sequence, encoding, in: production)
        for item in try Extension.sequence(list, in: production) {
            switch item.id {
            case .reasonCode:
                let element = try DERReader.single(.enumerated, item.value, in: "reasonCode")
                _ = try element.integerOctets(in: "reasonCode")
                reason = RevocationReason(element)
            case .invalidityDate:
                invalidityDate = try DERReader.single(.generalizedTime, item.value, in: "invalidityDate")
                    .generalizedTime(in: "invalidityDate")
            case .certificateIssuer:
                certificateIssuer = try EntryExtensions.issuer(item.value)
            default:
                if item.isCritical { hasUnknownCritical = true }
            }
        }
    }

    private static func issuer(_ value: ArraySlice<UInt8>) throws(DERError) -> DistinguishedName {
        let names = try GeneralName.sequence(
            DERReader.single(.sequence, value, in: "certificateIssuer").contents, in: "certificateIssuer")
        for case .directoryName(let name) in names { return name }
        throw DERError(.invalidStructure, in: "certificateIssuer")
    }
}

/// Writes the elements of `revokedCertificates` one after the other, without a writer for each:
/// the usual entry is laid out at once, and the octets of a time are kept for the entries after it that share it.
struct EntryEncoder {
    private(set) var octets: [UInt8] = []
    private var lastTime: (time: ValidationTime, encoding: [UInt8])?

    /// Forgets the octets and keeps their room, so that a list larger than memory is written piece by piece.
    mutating func clear() { octets.removeAll(keepingCapacity: true) }

    mutating func append(_ entry: RevokedEntry) {
        let time = encoding(of: entry.revokedAt)
        let serial = entry.serialNumber.octets
        guard entry.invalidityDate == nil, entry.certificateIssuer == nil, serial.count < 64 else {
            return appendAny(entry, time)
        }
        let reasonLength = entry.reason == nil ? 0 : EntryScanner.loneReason.count + 1
        // Short form: a serial, a time and a reason are less than 128 octets together.
        octets.append(DERTag.sequence.rawValue)
        octets.append(UInt8(2 + serial.count + time.count + reasonLength))
        octets.append(DERTag.integer.rawValue)
        octets.append(UInt8(serial.count))
        octets.append(contentsOf: serial)
        octets.append(contentsOf: time)
        guard let reason = entry.reason else { return }
        for index in 0..<EntryScanner.loneReason.count { octets.append(EntryScanner.loneReason[index]) }
        octets.append(reason.rawValue)
    }

    private mutating func appendAny(_ entry: RevokedEntry, _ time: [UInt8]) {
        let element = DERWriter.encode(.sequence) { writer in
            writer.append(.integer, entry.serialNumber.octets)
            writer.append(time)
            writer.append(.sequence) { list in entry.extensions.forEach { list.certificateExtension($0) } }
        }
        octets.append(contentsOf: element)
    }

    private mutating func encoding(of time: ValidationTime) -> [UInt8] {
        if let lastTime, lastTime.time == time { return lastTime.encoding }
        var writer = DERWriter()
        writer.time(time)
        lastTime = (time, writer.bytes)
        return writer.bytes
    }
}

extension RevokedEntry {
    fileprivate var extensions: [Extension] {
        var extensions: [Extension] = []
        if let reason {
            var value = DERWriter()
            value.integer(UInt64(reason.rawValue), tag: .enumerated)
            extensions.append(Extension(id: .reasonCode, critical: false, value: value.bytes))
        }
        if let invalidityDate {
            var value = DERWriter()
            value.generalizedTime(invalidityDate)
            extensions.append(Extension(id: .invalidityDate, critical: false, value: value.bytes))
        }
        if let certificateIssuer {
            let value = DERWriter.encode(.sequence) { $0.generalName(.directoryName(certificateIssuer)) }
            extensions.append(Extension(id: .certificateIssuer, critical: true, value: value))
        }
        return extensions
    }
}
