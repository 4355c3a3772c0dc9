import CounterApplications
import Foundation
import WireFormat

/// Messages between the centre, an issuing server and a terminal: what is accepted comes back after writing.
enum IssuingTarget {
    static func run(_ input: [UInt8]) {
        comesBack(try? ResidentLookupRequestBody(json: input)) { try? ResidentLookupRequestBody(json: $0) }
        comesBack(try? ResidentLookupAnswerBody(json: input)) { try? ResidentLookupAnswerBody(json: $0) }
        comesBack(try? CertificateRequestBody(json: input)) { try? CertificateRequestBody(json: $0) }
        comesBack(try? CertificateRequestStateBody(json: input)) { try? CertificateRequestStateBody(json: $0) }
        comesBack(try? CancellationBody(json: input)) { try? CancellationBody(json: $0) }
        if let lookup = try? ResidentLookupAnswerBody(json: input), case .found(let resident) = lookup.outcome {
            hold(resident.household.count <= 30, "a household has a bound")
        }
        _ = try? CounterOpenBody(json: input)
        _ = try? CounterIdentifyBody(json: input)
        if let order = try? CounterSubmitBody(json: input) {
            hold(order.scope.members.count <= 30 && (1...99).contains(order.copies), "an order has bounds")
        }
    }

    private static func comesBack<Body: Encodable & Equatable>(_ body: Body?, _ read: ([UInt8]) -> Body?) {
        guard let body else { return }
        guard let json = try? JSONEncoder().encode(body) else { return hold(false, "a message can be written") }
        hold(read(Array(json)) == body, "a message comes back after writing")
    }
}
