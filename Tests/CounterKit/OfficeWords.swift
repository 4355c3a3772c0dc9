package import CounterApplications
package import CounterService
internal import Organizations
internal import PKIX
internal import Verification

/// Requests and answers of the outside as lines.
package enum OfficeWords {
    /// `issue`, request id, 団体, 宛名番号, order's digest, 管理番号 as drawn and as printed, nonce
    package static func question(_ request: IssueRequest) -> [String] {
        [
            "issue", request.requestID, request.municipality.digits, request.residentID, base64(request.orderDigest),
            request.controlNumber.rawValue, base64(request.nonce),
        ]
    }

    /// `answered`, request id, order's digest, 管理番号, recipient's digest, PDF, its digest, pages
    package static func answer(_ answer: IssueAnswer) -> [String] {
        [
            "answered", answer.requestID, base64(answer.orderDigest), answer.controlNumber.rawValue,
            base64(answer.recipientDigest), base64(answer.pdf), base64(answer.pdfDigest), String(answer.pageCount),
        ]
    }

    /// What an issuer's line means; nil when there is none.
    package static func exchange(_ fields: [String]?) -> IssueExchange {
        guard let fields, let word = fields.first else { return .unknownOutcome(.timedOut) }
        switch word {
        case "refused": return .refused(.noEntry)
        case "pending": return .pending
        case "never": return .neverReceived
        case "cancelled": return .cancelled
        case "answered": break
        default: return .unknownOutcome(.timedOut)
        }
        guard fields.count == 8, let order = decodeBase64(fields[2]), let control = ControlNumber(typed: fields[3]),
            let recipient = decodeBase64(fields[4]), let pdf = decodeBase64(fields[5]),
            let digest = decodeBase64(fields[6]), let pages = Int(fields[7])
        else { return .unknownOutcome(.invalidAnswer) }
        return .answered(
            IssueAnswer(
                requestID: fields[1], orderDigest: order, controlNumber: control, recipientDigest: recipient, pdf: pdf,
                pdfDigest: digest, pageCount: pages, issuedAt: OfficeSetting.start))
    }

    package static func octets(_ field: String) -> [UInt8] { decodeBase64(field) ?? [] }
    package static func field(_ octets: [UInt8]) -> String { base64(octets) }

    /// A job's state as a printer says it.
    package static func jobState(_ state: PrintJobState) -> [String] {
        [state.phase.rawValue, state.sheets.map(String.init) ?? "", state.reasons.joined(separator: " ")]
    }

    package static func jobState(_ fields: [String]?) -> PrintJobState {
        guard let fields, fields.count == 3, let phase = PrintJobState.Phase(rawValue: fields[0]) else {
            return PrintJobState(.unknown, reasons: ["offline"])
        }
        return PrintJobState(phase, sheets: Int(fields[1]), reasons: fields[2].split(separator: " ").map(String.init))
    }
}
