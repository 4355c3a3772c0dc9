package import PKIX

/// `OCSPResponse` (RFC 6960 §4.2.1).
package struct OCSPResponse: Sendable {
    /// `OCSPResponseStatus`; the raw value is the ENUMERATED's.
    package enum Status: UInt8, CaseIterable, Sendable {
        case successful = 0
        case malformedRequest = 1
        case internalError = 2
        case tryLater = 3
        case sigRequired = 5
        case unauthorized = 6
    }

    package let status: Status
    /// Set exactly when ``status`` is successful.
    package let basic: BasicOCSPResponse?

    /// Decodes exactly one response of at most `DecodingLimit.ocspOctets`.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        let bytes = Array(der)
        guard bytes.count <= DecodingLimit.ocspOctets else { throw DERError(.limitExceeded, in: "OCSPResponse") }
        var reader = try DERReader.single(.sequence, bytes[...], in: "OCSPResponse").reader
        let number = try reader.next(.enumerated, in: "OCSPResponse.responseStatus")
        guard number.contents.count == 1, let octet = number.contents.first, let status = Status(rawValue: octet) else {
            throw DERError(.invalidContents, in: "OCSPResponse.responseStatus")
        }
        self.status = status
        let wrapper = try reader.nextIfPresent(.contextConstructed(0))
        try reader.finish(in: "OCSPResponse")
        // RFC 6960 §4.2.1: responseBytes is there when, and only when, the status is successful.
        guard (wrapper != nil) == (status == .successful) else {
            throw DERError(.invalidStructure, in: "OCSPResponse.responseBytes")
        }
        basic = try wrapper.map { wrapper throws(DERError) in
            var bytes = try DERReader.single(.sequence, wrapper.contents, in: "ResponseBytes").reader
            guard try bytes.objectIdentifier(in: "ResponseBytes.responseType") == .ocspBasic else {
                throw DERError(.invalidContents, in: "ResponseBytes.responseType")
            }
            let response = try bytes.next(.octetString, in: "ResponseBytes.response").contents
            try bytes.finish(in: "ResponseBytes")
            return try BasicOCSPResponse(der: response)
        }
    }
}

/// `ResponderID` (RFC 6960 §4.2.1).
package enum OCSPResponderID: Hashable, Sendable {
    case byName(DistinguishedName)
    /// SHA-1 of the responder's public key, without tag, length and unused bits.
    case byKey(ArraySlice<UInt8>)

    init(_ element: DERElement) throws(DERError) {
        let production = "ResponderID"
        switch element.tag {
        case .contextConstructed(1):
            self = .byName(
                try DistinguishedName(DERReader.single(.sequence, element.contents, in: production), in: production))
        case .contextConstructed(2):
            self = .byKey(try DERReader.single(.octetString, element.contents, in: production).contents)
        default:
            throw DERError(.unexpectedTag, in: production)
        }
    }

    func write(to writer: inout DERWriter) {
        switch self {
        case .byName(let name): writer.append(.contextConstructed(1), name.encoding)
        case .byKey(let hash): writer.append(.contextConstructed(2)) { $0.octetString(hash) }
        }
    }
}

/// `BasicOCSPResponse` (RFC 6960 §4.2.1). Decoded; whether it may be believed is ``status(of:issuer:response:context:)``'s question.
package struct BasicOCSPResponse: Sendable {
    /// The DER that the responder signed.
    package let tbsEncoding: ArraySlice<UInt8>
    package let responderID: OCSPResponderID
    package let producedAt: ValidationTime
    package let responses: [OCSPSingleResponse]
    package let extensions: [Extension]
    /// 1 to 128 octets (RFC 9654 §2.1).
    package let nonce: ArraySlice<UInt8>?
    package let signatureAlgorithm: AlgorithmIdentifier
    package let signature: BitString
    /// The certificates that came along, those that decode.
    package let certificates: [Certificate]

    /// Single responses in one response at most, and certificates beside it.
    package static let largestList = 1_024
    package static let largestCertificateList = 16

    init(der: ArraySlice<UInt8>) throws(DERError) {
        var outer = try DERReader.single(.sequence, der, in: "BasicOCSPResponse").reader
        let tbs = try outer.next(.sequence, in: "ResponseData")
        tbsEncoding = tbs.encoding
        signatureAlgorithm = try AlgorithmIdentifier(outer.next(), in: "BasicOCSPResponse.signatureAlgorithm")
        signature = try outer.next(.bitString, in: "BasicOCSPResponse.signature")
            .bitString(in: "BasicOCSPResponse.signature")
        certificates = try BasicOCSPResponse.certificates(outer.nextIfPresent(.contextConstructed(0)))
        try outer.finish(in: "BasicOCSPResponse")

        var reader = tbs.reader
        try reader.version(in: "ResponseData.version")
        responderID = try OCSPResponderID(reader.next())
        producedAt = try reader.next(.generalizedTime, in: "ResponseData.producedAt")
            .generalizedTime(in: "ResponseData.producedAt")
        responses = try BasicOCSPResponse.responses(reader.next(.sequence, in: "ResponseData.responses"))
        extensions = try reader.explicitExtensions(1, in: "ResponseData.responseExtensions")
        try reader.finish(in: "ResponseData")
        nonce = try OCSPNonce.find(in: extensions)
    }

    private static func responses(_ element: DERElement) throws(DERError) -> [OCSPSingleResponse] {
        var list = element.reader
        var responses: [OCSPSingleResponse] = []
        while !list.isAtEnd {
            responses.append(try OCSPSingleResponse(list.next(.sequence, in: "SingleResponse")))
            guard responses.count <= largestList else { throw DERError(.limitExceeded, in: "ResponseData.responses") }
        }
        return responses
    }

    private static func certificates(_ wrapper: DERElement?) throws(DERError) -> [Certificate] {
        guard let wrapper else { return [] }
        var list = try DERReader.single(.sequence, wrapper.contents, in: "BasicOCSPResponse.certs").reader
        var certificates: [Certificate] = []
        var count = 0
        while !list.isAtEnd {
            let element = try list.next(.sequence, in: "BasicOCSPResponse.certs")
            count += 1
            guard count <= largestCertificateList else { throw DERError(.limitExceeded, in: "BasicOCSPResponse.certs") }
            // One that cannot be read cannot vouch for the response either: it is left out.
            if let certificate = try? Certificate(der: element.encoding) { certificates.append(certificate) }
        }
        return certificates
    }
}
