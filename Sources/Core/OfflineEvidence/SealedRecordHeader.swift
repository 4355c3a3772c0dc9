internal import PKIX

/// What stands outside the seal of a ``SealedRecord``: where it comes from and its place in its chain. Nothing of the
/// person, the certificate or the check, not even the time.
///
/// ```
/// SealedRecordHeader ::= SEQUENCE {
///     version      INTEGER (1),
///     environment  UTF8String,
///     municipality UTF8String,
///     site         UTF8String,
///     terminal     UTF8String,
///     device       UTF8String,
///     deviceKey    OCTET STRING (SIZE (32)),  -- SHA-256 of the signing key's SubjectPublicKeyInfo
///     queue        OCTET STRING (SIZE (16)),
///     sequence     INTEGER (1..9007199254740991),
///     previous     OCTET STRING (SIZE (32)),
///     sealingKey   UTF8String }
/// ```
package struct SealedRecordHeader: Hashable, Sendable {
    package static let formatVersion = 1
    /// Beyond it some JSON readers are no longer exact.
    package static let lastSequence: UInt64 = 9_007_199_254_740_991
    /// What the first record of a queue has in the place of its predecessor's digest.
    package static let noPrevious = [UInt8](repeating: 0, count: 32)

    package let origin: RecordOrigin
    /// SHA-256 of the SubjectPublicKeyInfo of the key that signed the record.
    package let deviceKey: [UInt8]
    /// Chosen at random, 16 octets, when a device begins a queue.
    package let queue: [UInt8]
    /// From 1, one more with each record of the queue.
    package let sequence: UInt64
    /// SHA-256 of the record before; ``noPrevious`` in the first.
    package let previous: [UInt8]
    /// The id of the centre's key to which the contents are sealed.
    package let sealingKey: String

    /// - Returns: nil when a member has a length or a value that the format does not allow.
    package init?(
        origin: RecordOrigin,
        deviceKey: [UInt8],
        queue: [UInt8],
        sequence: UInt64,
        previous: [UInt8],
        sealingKey: String
    ) {
        guard deviceKey.count == 32, queue.count == 16, previous.count == 32,
            (1...SealedRecordHeader.lastSequence).contains(sequence), RecordOrigin.isPlain(sealingKey),
            sequence > 1 || previous == SealedRecordHeader.noPrevious
        else { return nil }
        self.origin = origin
        self.deviceKey = deviceKey
        self.queue = queue
        self.sequence = sequence
        self.previous = previous
        self.sealingKey = sealingKey
    }

    /// The one encoding: what the seal binds (as associated data) and the signature covers.
    package var der: [UInt8] {
        DERWriter.encode(.sequence) { writer in
            writer.integer(UInt64(SealedRecordHeader.formatVersion))
            for text in [origin.environment, origin.municipality, origin.site, origin.terminal, origin.device] {
                writer.utf8String(text)
            }
            writer.octetString(deviceKey)
            writer.octetString(queue)
            writer.integer(sequence)
            writer.octetString(previous)
            writer.utf8String(sealingKey)
        }
    }

    init(_ element: DERElement) throws(DERError) {
        let production = "SealedRecordHeader"
        var reader = element.reader
        let version = try reader.next(.integer, in: production).nonNegativeInteger(in: production)
        guard version == SealedRecordHeader.formatVersion else { throw DERError(.unsupportedVersion, in: production) }
        var texts: [String] = []
        for _ in 0..<5 { texts.append(try SealedRecordHeader.text(&reader)) }
        let deviceKey = try reader.next(.octetString, in: production).contents
        let queue = try reader.next(.octetString, in: production).contents
        let sequence = try reader.next(.integer, in: production).nonNegativeInteger(in: production)
        let previous = try reader.next(.octetString, in: production).contents
        let sealingKey = try SealedRecordHeader.text(&reader)
        try reader.finish(in: production)
        guard
            let origin = RecordOrigin(
                environment: texts[0], municipality: texts[1], site: texts[2], terminal: texts[3], device: texts[4]),
            let header = SealedRecordHeader(
                origin: origin, deviceKey: Array(deviceKey), queue: Array(queue), sequence: UInt64(sequence),
                previous: Array(previous), sealingKey: sealingKey)
        else { throw DERError(.invalidContents, in: production) }
        self = header
    }

    /// Ids are ASCII, so that there is one way to write each.
    private static func text(_ reader: inout DERReader) throws(DERError) -> String {
        let contents = try reader.next(.utf8String, in: "SealedRecordHeader").contents
        guard contents.count <= RecordOrigin.longestID, contents.allSatisfy({ $0 < 0x80 }) else {
            throw DERError(.invalidContents, in: "SealedRecordHeader")
        }
        return String(decoding: contents, as: UTF8.self)
    }
}

/// Who made a record: 団体, 拠点, 端末 and the device that stands for the terminal.
package struct RecordOrigin: Hashable, Sendable {
    package static let longestID = 64

    package let environment: String
    /// Six digits.
    package let municipality: String
    package let site: String
    package let terminal: String
    /// `dev_…`
    package let device: String

    /// - Returns: nil unless every id is 1 to 64 letters, digits, `-`, `_` or `.`.
    package init?(environment: String, municipality: String, site: String, terminal: String, device: String) {
        guard [environment, municipality, site, terminal, device].allSatisfy(RecordOrigin.isPlain) else { return nil }
        self.environment = environment
        self.municipality = municipality
        self.site = site
        self.terminal = terminal
        self.device = device
    }

    static func isPlain(_ id: String) -> Bool {
        (1...longestID).contains(id.utf8.count)
            && id.utf8.allSatisfy { octet in
                (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                    || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_") || octet == UInt8(ascii: ".")
            }
    }

    /// HPKE's `info` (RFC 9180 §5.1): binds every seal to its use, the municipality and the device.
    package var sealingInfo: [UInt8] {
        Array("akashi sealed record 1".utf8) + [0] + Array(municipality.utf8) + [0] + Array(device.utf8)
    }
}
