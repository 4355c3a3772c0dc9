/// What a card answered: data and SW1 SW2.
package struct ResponseAPDU: Hashable, Sendable {
    package let data: [UInt8]
    package let status: StatusWord

    /// Octets of the largest answer there is: extended length and the status word.
    package static let largestEncoding = 65_538

    /// - Throws: ``CardFault/malformedAnswer(_:)`` for fewer octets than a status word has or more than there can be.
    package init(octets: [UInt8]) throws(CardFault) {
        guard octets.count <= ResponseAPDU.largestEncoding else { throw .malformedAnswer(.tooLong) }
        guard octets.count >= 2, let second = octets.last else { throw .malformedAnswer(.truncated) }
        status = StatusWord(octets[octets.count - 2], second)
        data = Array(octets.dropLast(2))
    }

    package init(data: [UInt8], status: StatusWord) { (self.data, self.status) = (data, status) }
}
