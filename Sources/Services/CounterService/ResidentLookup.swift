package import CounterApplications
package import Organizations
package import PKIX
package import Verification

/// Finds a resident by the certificate that was just verified (発行番号 → 宛名番号). Never by a name.
package protocol ResidentLookup: Sendable {
    /// Never throws: what went wrong is part of the answer. The serial number is in memory alone and is not logged.
    ///
    /// - Parameter deadline: seconds for the whole exchange, from 1.
    func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer
}

/// Whose certificate it is, asked of the municipality's register.
package struct ResidentQuery: Hashable, Sendable {
    /// Random; the same when the question is repeated.
    package let requestID: String
    package let municipality: MunicipalityCode
    /// The subjectKeyIdentifier of the certificate's issuer.
    package let issuerKeyIdentifier: [UInt8]
    package let serial: SerialNumber
    /// `card_user_authentication` and so on.
    package let certificateKind: String

    package init(
        requestID: String,
        municipality: MunicipalityCode,
        issuerKeyIdentifier: [UInt8],
        serial: SerialNumber,
        certificateKind: String
    ) {
        self.requestID = requestID
        self.municipality = municipality
        self.issuerKeyIdentifier = issuerKeyIdentifier
        self.serial = serial
        self.certificateKind = certificateKind
    }
}

package enum ResidentLookupAnswer: Hashable, Sendable {
    case found(ResidentRecord)
    case refused(ResidentRefusal)
    /// The register could not be asked, or what it answered is nothing of the protocol.
    case failed(FetchFailure)
}
