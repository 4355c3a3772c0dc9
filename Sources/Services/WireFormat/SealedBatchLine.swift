package import OfflineEvidence
internal import PKIX
internal import SignatureValidation

/// One line of a verification batch in its sealed form: `{"ref":"…","sealed_record":"<base64>"}`.
package struct SealedBatchLine: Hashable, Sendable {
    /// The caller's own id as the text of a JSON string, without its quotation marks; nil when none was given.
    package let reference: ArraySlice<UInt8>?
    /// The DER of a ``SealedRecord``, not decoded yet.
    package let record: [UInt8]

    /// - Returns: nil when the line is not in the sealed form at all: it has no member `sealed_record`.
    package init?(_ octets: ArraySlice<UInt8>) throws(BatchLineRefusal) {
        // Certificates and signatures are base64, so the name cannot stand in another line but as a name or a `ref`.
        guard octets.firstRange(of: Array("\"sealed_record\"".utf8)) != nil else { return nil }
        let whole = Array(octets)
        do throws(RequestRefusal) {
            self = try ObjectReader.read(whole) { reader in
                let reference = reader.optionalText("ref", upTo: WireLimit.reference)
                guard let record = reader.octets("sealed_record", upTo: SealedRecord.largest) else { return nil }
                return SealedBatchLine(reference: reference.map { jsonText($0)[...] }, record: record)
            }
        } catch {
            throw BatchLineRefusal(error, line: whole)
        }
    }

    private init(reference: ArraySlice<UInt8>?, record: [UInt8]) {
        (self.reference, self.record) = (reference, record)
    }
}

extension VerificationBatchLine {
    /// What the card signed and its signature: what makes two lines the same card event.
    package var evidence: [UInt8] {
        let content: [UInt8] =
            switch message.content {
            case .content(let octets), .digest(let octets): Array(octets)
            }
        return content + Array(message.signature)
    }
}

/// What an item says of the sealed record that it answers.
package struct SealedItem: Hashable, Sendable {
    /// The outcome of a record whose contents could not be judged.
    package static let refused = "refused"

    package enum Evidence: Hashable, Sendable {
        case new
        /// An earlier record holds the same card event: one check, sent twice.
        case seenBefore
    }

    private let header: SealedRecordHeader
    private let evidence: Evidence

    package init(_ header: SealedRecordHeader, evidence: Evidence) { (self.header, self.evidence) = (header, evidence) }

    /// `,"sealed":{…}`
    var members: String {
        SealedItem.members(header.origin.device, header.queue, header.sequence)
            + (evidence == .seenBefore ? #","evidence_seen_before":true"# : "")
    }

    private static func members(_ device: String, _ queue: [UInt8], _ sequence: UInt64) -> String {
        #","sealed":{"device_id":"\#(device)","queue":"\#(queue.hexString.lowercased())","sequence":\#(sequence)}"#
    }

    /// A line for a record that was reconciled before: the outcome of then.
    package static func appendRepetition(
        line: Int,
        reference: ArraySlice<UInt8>?,
        device: String,
        queue: [UInt8],
        sequence: UInt64,
        outcome: String,
        to octets: inout [UInt8]
    ) {
        StatusItem.begin(line, reference, &octets)
        octets += Array(#","outcome":"\#(outcome)","repeated":true"#.utf8)
        octets += Array((members(device, queue, sequence) + "}\n").utf8)
    }
}
