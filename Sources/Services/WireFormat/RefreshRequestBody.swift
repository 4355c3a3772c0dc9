/// `POST /v1/crls/refresh`.
package struct RefreshRequestBody: Hashable, Sendable {
    /// One source; nil for all of them.
    package let sourceID: String?

    package init(json: [UInt8]) throws(RequestRefusal) {
        sourceID = try ObjectReader.read(json) { .some($0.optionalText("source_id", upTo: WireLimit.identifier)) }
    }
}
