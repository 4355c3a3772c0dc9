import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

/// The certificates, lists and responses of one request. What does not decode is left out and noted.
struct Evidence {
    private(set) var certificates: [Certificate] = []
    private(set) var anchors: [TrustAnchor] = []
    private(set) var lists: [CandidateList] = []
    private(set) var responses: [[UInt8]] = []
    /// One failed check for each item that was left out.
    private(set) var checks: [Check] = []

    mutating func addCertificates(_ encodings: [[UInt8]], named field: String) {
        for (index, der) in encodings.enumerated() {
            if let certificate = decode(der, field, index) { certificates.append(certificate) }
        }
    }

    mutating func addAnchors(_ encodings: [[UInt8]], named field: String) {
        for (index, der) in encodings.enumerated() {
            if let certificate = decode(der, field, index) { anchors.append(TrustAnchor(certificate)) }
        }
    }

    mutating func addLists(_ encodings: [[UInt8]], named field: String) {
        for (index, der) in encodings.enumerated() {
            do throws(DERError) {
                lists.append(.unverified(try CertificateList(der: der)))
            } catch {
                note(error, field, index)
            }
        }
    }

    /// Responses are decoded where they are judged.
    mutating func addResponses(_ encodings: [[UInt8]]) { responses += encodings }

    private mutating func decode(_ der: [UInt8], _ field: String, _ index: Int) -> Certificate? {
        do throws(DERError) {
            return try Certificate(der: der)
        } catch {
            note(error, field, index)
            return nil
        }
    }

    private mutating func note(_ error: DERError, _ field: String, _ index: Int) {
        checks.append(
            Check(.evidenceFormat, .failed, clause: "RFC 5280 §4.1, §5.1", detail: "\(field)[\(index)]: \(error)"))
    }
}
