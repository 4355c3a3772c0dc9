/// One certificate that `akashi status` is asked about.
package enum StatusTarget: Hashable, Sendable {
    /// A serial number as it was typed, at most ``longestSerial`` octets of it; it may be none.
    case serial([UInt8])
    /// DER; it may be undecodable.
    case certificate([UInt8])

    /// Octets of a line that are looked at as a serial number.
    static let longestSerial = 64
}

/// Why an input cannot be read on. One line each, nothing of the input in it.
package enum StatusInputFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system's error number.
    case unreadable(Int32)
    /// The header names no such column.
    case noColumn
    /// What stands at this offset is no DER of a certificate's size.
    case notDER(offset: Int)
    /// Serial numbers came, and nothing says whose they are.
    case issuerMissing

    package var description: String {
        switch self {
        case .unreadable(let code): "cannot be read (error \(code))"
        case .noColumn: "the header has no column serial_number or certificate, or not the one that --column names"
        case .notDER(let offset): "no certificate at octet \(offset)"
        case .issuerMissing: "serial numbers need --issuer, the id of a configured issuer"
        }
    }
}
