package import PKIX
import SignatureAlgorithms

/// Writes an `OCSPResponse` (RFC 6960 §4.2.1): what a responder says and signs.
package struct OCSPResponseWriter: Sendable {
    package var responderID: OCSPResponderID
    package var producedAt: ValidationTime
    package var responses: [OCSPSingleResponse]
    /// The request's nonce, given back; 1 to 128 octets.
    package var nonce: [UInt8]?
    /// After the nonce.
    package var extensions: [Extension] = []
    package var signatureAlgorithm: AlgorithmIdentifier
    /// Those that a client needs to check the signature: a delegated responder's own.
    package var certificates: [Certificate]

    package init(
        responderID: OCSPResponderID,
        producedAt: ValidationTime,
        responses: [OCSPSingleResponse],
        nonce: [UInt8]? = nil,
        signatureAlgorithm: AlgorithmIdentifier,
        certificates: [Certificate] = []
    ) {
        self.responderID = responderID
        self.producedAt = producedAt
        self.responses = responses
        self.nonce = nonce
        self.signatureAlgorithm = signatureAlgorithm
        self.certificates = certificates
    }

    /// `ResponseData`: the octets to sign.
    package var tbs: [UInt8] {
        DERWriter.encode(.sequence) { writer in
            responderID.write(to: &writer)
            writer.generalizedTime(producedAt)
            writer.append(.sequence) { list in responses.forEach { list.singleResponse($0) } }
            writer.explicitExtensions(1, (nonce.map { [OCSPNonce.write($0)] } ?? []) + extensions)
        }
    }

    /// The DER of the whole successful response, signed by `sign`.
    package func signed(_ sign: ([UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let tbs = self.tbs
        let signature = try sign(tbs)
        let basic = DERWriter.encode(.sequence) { writer in
            writer.append(tbs)
            writer.algorithm(signatureAlgorithm)
            writer.bitString(signature)
            guard !certificates.isEmpty else { return }
            writer.append(.contextConstructed(0)) { wrapper in
                wrapper.append(.sequence) { list in certificates.forEach { list.append($0.encoding) } }
            }
        }
        return DERWriter.encode(.sequence) { writer in
            writer.append(.enumerated, [OCSPResponse.Status.successful.rawValue])
            writer.append(.contextConstructed(0)) { wrapper in
                wrapper.append(.sequence) {
                    $0.objectIdentifier(.ocspBasic)
                    $0.octetString(basic)
                }
            }
        }
    }

    /// The DER of a response that says nothing but `status`; not signed.
    package static func error(_ status: OCSPResponse.Status) -> [UInt8] {
        DERWriter.encode(.sequence) { $0.append(.enumerated, [status.rawValue]) }
    }
}

extension OCSPResponderID {
    /// The id of a responder by the SHA-1 of its key.
    package static func byKey(of info: SubjectPublicKeyInfo) -> OCSPResponderID {
        .byKey(HashAlgorithm.sha1.digest(of: info.key)[...])
    }
}
