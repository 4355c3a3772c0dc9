/// Where the octets of an import are put while they arrive, until it is known what they are.
package protocol ImportSpool: Sendable {
    func begin() async throws(ListStoreError) -> any ImportWriter
}

/// One import on its way. What was written is gone with it, unless it was finished.
package protocol ImportWriter: Sendable {
    func append(_ octets: [UInt8]) async throws(ListStoreError)
    /// Everything that was appended. Once.
    func finish() async throws(ListStoreError) -> FetchedList
}
