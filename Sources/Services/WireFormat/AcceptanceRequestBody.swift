/// `POST /v1/crls/{crl_id}/accept`.
package struct AcceptanceRequestBody: Hashable, Sendable {
    /// In the operator's own words.
    package let reason: String

    package init(json: [UInt8]) throws(RequestRefusal) {
        reason = try ObjectReader.read(json) { $0.text("reason", upTo: 2_000) }
    }
}
