package import PKIX

/// How far a scope has come. It only rises, also when the list itself is lost.
package struct HighWaterMark: Hashable, Sendable {
    package let crlNumber: CRLNumber?
    package let thisUpdate: ValidationTime
    /// SHA-256 of the list's DER.
    package let digest: [UInt8]
    /// How often two operators have set the scope's order anew (`akashi crl accept`). It goes before number and
    /// time: a mark of a later epoch is the higher one, whatever its number.
    package let epoch: UInt64

    package init(crlNumber: CRLNumber?, thisUpdate: ValidationTime, digest: [UInt8], epoch: UInt64 = 0) {
        (self.crlNumber, self.thisUpdate, self.digest, self.epoch) = (crlNumber, thisUpdate, digest, epoch)
    }

    /// Whether this is further than `other`: of two records of one scope's mark the further one counts, so that a
    /// restored backup of either place lowers nothing.
    package func isFurther(than other: HighWaterMark?) -> Bool {
        guard let other else { return true }
        return ListOrder.compare(self, with: other) == .newer
    }
}
