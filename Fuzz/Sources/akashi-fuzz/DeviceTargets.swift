import CertificateIssuing
import OfflineEvidence
import PKIX
import SignatureAlgorithms

/// A sealed record: what is accepted is the input whole, says the same when it is written again, and is nobody's.
enum SealedRecordTarget {
    static func run(_ input: [UInt8]) {
        contents(input)
        guard let record = try? SealedRecord(der: input) else { return }
        hold(record.encoding == input, "a decoded record is its input")
        let header = record.header
        hold(header.sequence >= 1 && header.sequence <= SealedRecordHeader.lastSequence, "a number within bounds")
        let again = try? SealedRecord(
            header: header, encapsulatedKey: Array(record.encapsulatedKey), ciphertext: Array(record.ciphertext),
            sign: { _ in Array(record.signature) })
        hold(again == record, "a record comes back after writing")
        hold(!record.isSigned(by: Carrier.authority.key.publicKeyInfo), "nobody signed it")
        let place = ChainPlace(of: record, among: ChainNeighbours(same: record.digest))
        hold(place == .repeated, "the same record is a repetition")
    }

    private static func contents(_ input: [UInt8]) {
        if let octets = SealedContents.unpadded(input) {
            hold(SealedContents.padded(octets) == input, "filling has one form")
        }
    }
}

/// A request of PKCS #10: what is accepted is the input whole and proves no possession of a key.
enum CertificationRequestTarget {
    static func run(_ input: [UInt8]) {
        guard let request = try? CertificationRequest(der: input) else { return }
        hold(Array(request.encoding) == input, "a decoded request is its input")
        NameTarget.roundTrip(request.subject)
    }
}
