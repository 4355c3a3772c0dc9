package import PKIX
package import RevocationLists
package import SignatureAlgorithms

/// A list that has passed every rule but its order: well-formed, of the configured issuer and scope, signed by its key.
package struct AdmittedList: Sendable {
    /// Over the list; its signature has been checked.
    package let pass: ListPass
    /// Under which the signature was checked.
    package let key: PublicKey
    package let scope: ListScope
    package let source: CRLSource
    /// SHA-256 of the DER.
    package let digest: [UInt8]
    package let fetchedAt: ValidationTime
    /// The file that holds the DER and nothing else, to be taken over; nil when the list is in memory alone.
    package let spool: SpooledFile?

    package var list: CertificateList { pass.list }

    /// Octets of the DER.
    package var size: Int { list.octets.count }

    /// The list's mark in the scope's `epoch`.
    package func mark(inEpoch epoch: UInt64) -> HighWaterMark {
        HighWaterMark(crlNumber: list.crlNumber, thisUpdate: list.thisUpdate, digest: digest, epoch: epoch)
    }

    /// The list in force.
    func active(_ verified: VerifiedList, inEpoch epoch: UInt64) -> ActiveList {
        ActiveList(
            verified: verified, scope: scope, source: source, digest: digest, fetchedAt: fetchedAt, epoch: epoch)
    }
}
