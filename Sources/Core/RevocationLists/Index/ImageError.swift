/// Why an image of an index may not be used. Each is noticed before the first question is answered.
package enum ImageError: String, Error, Hashable, Sendable, CaseIterable {
    /// Fewer octets than an image has, or not as many as it says.
    case wrongSize = "wrong_size"
    /// It does not begin as an image does.
    case notAnImage = "not_an_image"
    /// A format that this program does not know.
    case unsupportedVersion = "unsupported_version"
    /// The octets have changed since they were written.
    case checksumMismatch = "checksum_mismatch"
    /// A number in the header that cannot be.
    case malformedHeader = "malformed_header"
    /// The names of certificate issuers do not decode.
    case malformedIssuers = "malformed_issuers"
    /// The counts of the dense form do not add up.
    case malformedDenseSet = "malformed_dense_set"
    /// Rows are not in strict order, or in the wrong table.
    case malformedRows = "malformed_rows"
    /// The entries that say more than a row holds are not in order, or do not decode.
    case malformedDetails = "malformed_details"
    /// It was made from another list.
    case otherList = "other_list"
    /// The list was verified under another key.
    case otherKey = "other_key"
    /// Decoded back, it holds other entries than the list.
    case otherEntries = "other_entries"
}

extension ImageError: CustomStringConvertible {
    package var description: String { rawValue }
}
