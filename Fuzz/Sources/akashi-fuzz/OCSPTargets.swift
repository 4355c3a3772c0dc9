import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms

/// A request: what is accepted says the same when it is written again.
enum OCSPRequestTarget {
    static func run(_ input: [UInt8]) {
        guard let request = try? OCSPRequest(der: input) else { return }
        hold(!request.certIDs.isEmpty && request.certIDs.count <= OCSPRequest.largestList, "the number of questions")
        hold(request.nonce.map { (1...128).contains($0.count) } ?? true, "the length of the nonce")
        guard let again = try? OCSPRequest(der: request.der) else { return hold(false, "a written request decodes") }
        hold(again == request, "a request is the same after writing")
        hold(again.der == request.der, "writing is stable")
    }
}

/// A response: what is accepted says the same when it is written again, and decides nothing unsigned.
enum OCSPResponseTarget {
    static func run(_ input: [UInt8]) {
        judge(input)
        guard let response = try? OCSPResponse(der: input) else { return }
        hold((response.basic != nil) == (response.status == .successful), "only success has an answer")
        guard let basic = response.basic else { return }
        var writer = OCSPResponseWriter(
            responderID: basic.responderID, producedAt: basic.producedAt, responses: basic.responses,
            signatureAlgorithm: basic.signatureAlgorithm, certificates: basic.certificates)
        writer.extensions = basic.extensions
        guard let again = try? OCSPResponse(der: writer.signed { _ in [1] }).basic else {
            return hold(false, "a written response decodes")
        }
        hold(again.responses == basic.responses, "answers are the same after writing")
        hold(again.responderID == basic.responderID && again.producedAt == basic.producedAt, "who and when")
        hold(again.extensions == basic.extensions && again.nonce == basic.nonce, "extensions")
        hold(again.certificates == basic.certificates, "certificates")
    }

    private static func judge(_ input: [UInt8]) {
        var context = OCSPContext(time: Carrier.time)
        context.algorithms = .insecureLegacy
        let report = status(of: Carrier.leaf, issuer: Carrier.issuer, response: input, context: context)
        hold(report.status.status == .undetermined, "a response of nobody's decides nothing")
        hold(report.status.undeterminedReason != nil, "undetermined says why")
        let serial = status(
            of: Carrier.leaf.serialNumber, issuer: Carrier.issuer, response: input, context: context)
        hold(serial.status.status == .undetermined, "a response of nobody's decides nothing about a serial")
    }
}
