package import PKIX

/// `OCSPRequest` (RFC 6960 §4.1.1). A signature on it is passed over: the connection knows its client.
package struct OCSPRequest: Hashable, Sendable {
    package let certIDs: [OCSPCertID]
    /// 1 to 128 octets (RFC 9654 §2.1).
    package let nonce: ArraySlice<UInt8>?

    /// Certificates in one request at most.
    package static let largestList = 64

    /// - Precondition: none; a nonce of another length than 1 to 128 is left out.
    package init(certIDs: [OCSPCertID], nonce: [UInt8]? = nil) {
        self.certIDs = certIDs
        self.nonce = nonce.flatMap { OCSPNonce.lengths.contains($0.count) ? $0[...] : nil }
    }

    /// Decodes exactly one request of at most `DecodingLimit.ocspOctets`.
    ///
    /// - Throws: ``DERError`` also for an unknown critical extension, which a responder cannot honour.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        let bytes = Array(der)
        guard bytes.count <= DecodingLimit.ocspOctets else { throw DERError(.limitExceeded, in: "OCSPRequest") }
        var outer = try DERReader.single(.sequence, bytes[...], in: "OCSPRequest").reader
        var reader = try outer.next(.sequence, in: "TBSRequest").reader
        _ = try outer.nextIfPresent(.contextConstructed(0))
        try outer.finish(in: "OCSPRequest")
        try reader.version(in: "TBSRequest.version")
        if let name = try reader.nextIfPresent(.contextConstructed(1)) {
            var inner = name.reader
            _ = try GeneralName(inner.next(), in: "TBSRequest.requestorName")
            try inner.finish(in: "TBSRequest.requestorName")
        }
        certIDs = try OCSPRequest.requests(reader.next(.sequence, in: "TBSRequest.requestList"))
        let extensions = try reader.explicitExtensions(2, in: "TBSRequest.requestExtensions")
        try reader.finish(in: "TBSRequest")
        try OCSPRequest.refuseUnknownCritical(extensions)
        nonce = try OCSPNonce.find(in: extensions)
    }

    private static func requests(_ element: DERElement) throws(DERError) -> [OCSPCertID] {
        var list = element.reader
        var ids: [OCSPCertID] = []
        while !list.isAtEnd {
            var request = try list.next(.sequence, in: "Request").reader
            ids.append(try OCSPCertID(request.next()))
            try refuseUnknownCritical(request.explicitExtensions(0, in: "Request.singleRequestExtensions"))
            try request.finish(in: "Request")
            guard ids.count <= largestList else { throw DERError(.limitExceeded, in: "TBSRequest.requestList") }
        }
        guard !ids.isEmpty else { throw DERError(.invalidStructure, in: "TBSRequest.requestList") }
        return ids
    }

    private static func refuseUnknownCritical(_ extensions: [Extension]) throws(DERError) {
        guard extensions.allSatisfy({ !$0.isCritical || $0.id == .ocspNonce }) else {
            throw DERError(.invalidStructure, in: "TBSRequest.requestExtensions")
        }
    }

    /// The unsigned request.
    package var der: [UInt8] {
        DERWriter.encode(.sequence) { outer in
            outer.append(.sequence) { writer in
                writer.append(.sequence) { list in
                    for id in certIDs { list.append(.sequence) { $0.certID(id) } }
                }
                if let nonce { writer.explicitExtensions(2, [OCSPNonce.write(Array(nonce))]) }
            }
        }
    }
}
