package import PKIX

extension CertificateList {
    /// The entry for a certificate, found by walking the list; nil when it is not listed.
    ///
    /// In an indirect list the entries without certificateIssuer belong to the issuer named before them, and
    /// at first to the list's own (RFC 5280 §5.3.3). Of several entries for one certificate a revocation
    /// counts before a hold, and of two alike the earlier.
    package func entry(
        for serialNumber: SerialNumber,
        issuer certificateIssuer: DistinguishedName
    ) throws(DERError) -> RevokedEntry? {
        let wanted = serialNumber.octets
        return try octets.withSpan { bytes throws(DERError) in
            var belongs = issuer == certificateIssuer
            var offset = entriesRange.lowerBound
            var found: RevokedEntry?
            while offset < entriesRange.upperBound {
                let location = try EntryScanner.next(bytes, at: &offset, limit: entriesRange.upperBound)
                if isIndirect, location.extensionsStart < location.end,
                    let named = try EntryScanner.extensions(bytes, location).certificateIssuer
                {
                    belongs = named == certificateIssuer
                }
                guard belongs, location.hasSerial(wanted, in: bytes) else { continue }
                found = try EntryScanner.entry(bytes, location).combined(with: found)
            }
            return found
        }
    }

    /// Calls `body` with every entry in encoded order.
    package func forEachEntry(_ body: (RevokedEntry) -> Void) throws(DERError) {
        try octets.withSpan { bytes throws(DERError) in
            var offset = entriesRange.lowerBound
            while offset < entriesRange.upperBound {
                let location = try EntryScanner.next(bytes, at: &offset, limit: entriesRange.upperBound)
                body(try EntryScanner.entry(bytes, location))
            }
        }
    }
}

extension EntryScanner.Location {
    /// Whether the serial's octets are `wanted`.
    fileprivate func hasSerial(_ wanted: ArraySlice<UInt8>, in bytes: Span<UInt8>) -> Bool {
        guard serialEnd - serialStart == wanted.count else { return false }
        for (index, octet) in wanted.enumerated() where bytes[serialStart + index] != octet { return false }
        return true
    }
}
