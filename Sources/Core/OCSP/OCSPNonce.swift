import PKIX

/// `Nonce ::= OCTET STRING (SIZE(1..128))` (RFC 9654 §2.1).
enum OCSPNonce {
    static let lengths = 1...128

    /// The nonce in a list of extensions; nil when there is none.
    static func find(in extensions: [Extension]) throws(DERError) -> ArraySlice<UInt8>? {
        guard let item = extensions.first(where: { $0.id == .ocspNonce }) else { return nil }
        let octets = try DERReader.single(.octetString, item.value, in: "Nonce").contents
        guard lengths.contains(octets.count) else { throw DERError(.invalidStructure, in: "Nonce") }
        return octets
    }

    static func write(_ nonce: [UInt8]) -> Extension {
        var writer = DERWriter()
        writer.octetString(nonce)
        return Extension(id: .ocspNonce, critical: false, value: writer.bytes)
    }
}

extension DERReader {
    /// `[n] EXPLICIT Extensions OPTIONAL`.
    mutating func explicitExtensions(_ number: UInt8, in production: String) throws(DERError) -> [Extension] {
        guard let wrapper = try nextIfPresent(.contextConstructed(number)) else { return [] }
        return try Extension.sequence(
            DERReader.single(.sequence, wrapper.contents, in: production), in: production)
    }

    /// `version [0] EXPLICIT Version DEFAULT v1`. An encoded v1 breaks DER's rule for DEFAULT; responders
    /// write it, so it is read.
    mutating func version(in production: String) throws(DERError) {
        guard try explicitInteger(0, in: production) ?? 0 == 0 else {
            throw DERError(.unsupportedVersion, in: production)
        }
    }
}

extension DERWriter {
    /// `[n] EXPLICIT Extensions`, left out when there are none.
    mutating func explicitExtensions(_ number: UInt8, _ extensions: [Extension]) {
        guard !extensions.isEmpty else { return }
        append(.contextConstructed(number)) { wrapper in
            wrapper.append(.sequence) { list in extensions.forEach { list.certificateExtension($0) } }
        }
    }
}
