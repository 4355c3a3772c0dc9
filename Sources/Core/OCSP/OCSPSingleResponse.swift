package import PKIX

/// `SingleResponse` (RFC 6960 §4.2.1): what a responder says about one certificate.
package struct OCSPSingleResponse: Hashable, Sendable {
    /// `CertStatus`.
    package enum CertStatus: Hashable, Sendable {
        case good
        case revoked(at: ValidationTime, reason: RevocationReason?)
        case unknown
    }

    package let certID: OCSPCertID
    package let certStatus: CertStatus
    package let thisUpdate: ValidationTime
    /// nil: newer information is available all the time (§4.2.2.1).
    package let nextUpdate: ValidationTime?
    package let extensions: [Extension]

    package init(
        certID: OCSPCertID,
        certStatus: CertStatus,
        thisUpdate: ValidationTime,
        nextUpdate: ValidationTime?,
        extensions: [Extension] = []
    ) {
        self.certID = certID
        self.certStatus = certStatus
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.extensions = extensions
    }

    init(_ element: DERElement) throws(DERError) {
        let production = "SingleResponse"
        var reader = element.reader
        certID = try OCSPCertID(reader.next())
        certStatus = try CertStatus(reader.next())
        thisUpdate = try reader.next(.generalizedTime, in: "SingleResponse.thisUpdate")
            .generalizedTime(in: "SingleResponse.thisUpdate")
        nextUpdate = try reader.nextIfPresent(.contextConstructed(0)).map { wrapper throws(DERError) in
            try DERReader.single(.generalizedTime, wrapper.contents, in: "SingleResponse.nextUpdate")
                .generalizedTime(in: "SingleResponse.nextUpdate")
        }
        extensions = try reader.explicitExtensions(1, in: "SingleResponse.singleExtensions")
        try reader.finish(in: production)
    }
}

extension OCSPSingleResponse.CertStatus {
    fileprivate init(_ element: DERElement) throws(DERError) {
        let production = "CertStatus"
        switch element.tag {
        case .context(0):
            try element.null(in: production)
            self = .good
        case .contextConstructed(1):
            var reader = element.reader
            let time = try reader.next(.generalizedTime, in: "RevokedInfo").generalizedTime(in: "RevokedInfo")
            var reason: RevocationReason?
            if let wrapper = try reader.nextIfPresent(.contextConstructed(0)) {
                let value = try DERReader.single(.enumerated, wrapper.contents, in: "RevokedInfo.revocationReason")
                _ = try value.integerOctets(in: "RevokedInfo.revocationReason")
                reason = RevocationReason(value)
            }
            try reader.finish(in: "RevokedInfo")
            self = .revoked(at: time, reason: reason)
        case .context(2):
            try element.null(in: production)
            self = .unknown
        default:
            throw DERError(.unexpectedTag, in: production)
        }
    }

    fileprivate func write(to writer: inout DERWriter) {
        switch self {
        case .good: writer.append(.context(0), [])
        case .unknown: writer.append(.context(2), [])
        case .revoked(let time, let reason):
            writer.append(.contextConstructed(1)) { info in
                info.generalizedTime(time)
                guard let reason else { return }
                info.append(.contextConstructed(0)) { $0.integer(UInt64(reason.rawValue), tag: .enumerated) }
            }
        }
    }
}

extension DERWriter {
    mutating func singleResponse(_ response: OCSPSingleResponse) {
        append(.sequence) { writer in
            writer.certID(response.certID)
            response.certStatus.write(to: &writer)
            writer.generalizedTime(response.thisUpdate)
            if let nextUpdate = response.nextUpdate {
                writer.append(.contextConstructed(0)) { $0.generalizedTime(nextUpdate) }
            }
            writer.explicitExtensions(1, response.extensions)
        }
    }
}
