internal import PKIX
internal import RevocationUpdating

/// What is written of a list that waits for operators. Times are seconds since 1970, numbers and digests hexadecimal.
struct PendingRecord: Codable {
    struct Proposal: Codable {
        var actor: String
        var reason: String
        var proposedAt: Int64
        var expiresAt: Int64
    }

    /// Of the record's own layout.
    static let version = 1

    var formatVersion = PendingRecord.version
    var scopeID: String
    var sourceID: String
    var issuerID: String
    var refusal: String
    var crlNumber: String?
    var thisUpdate: Int64
    var digest: String
    var nextUpdate: Int64?
    var entryCount: Int
    var size: Int
    var receivedAt: Int64
    var proposal: Proposal?

    init(_ list: PendingList) {
        (scopeID, sourceID, issuerID) = (list.scopeID, list.sourceID, list.issuerID)
        refusal = list.refusal.rawValue
        crlNumber = list.mark.crlNumber.map { $0.octets.hexString }
        thisUpdate = list.mark.thisUpdate.secondsSince1970
        digest = list.mark.digest.hexString
        nextUpdate = list.nextUpdate?.secondsSince1970
        (entryCount, size) = (list.entryCount, list.size)
        receivedAt = list.receivedAt.secondsSince1970
        proposal = list.proposal.map {
            Proposal(
                actor: $0.actor, reason: $0.reason.text, proposedAt: $0.proposedAt.secondsSince1970,
                expiresAt: $0.expiresAt.secondsSince1970)
        }
    }

    /// Nil for a record that this program does not read.
    var list: PendingList? {
        guard formatVersion == PendingRecord.version, let refusal = CRLRefusal(rawValue: refusal),
            refusal.mayBeOverruled, let digest = octets(digest), digest.count == 32
        else { return nil }
        var number: CRLNumber?
        if let crlNumber {
            guard let octets = octets(crlNumber), let found = CRLNumber(contents: octets) else { return nil }
            number = found
        }
        var agreed: AcceptanceProposal?
        if let proposal {
            guard let reason = AcceptanceReason(proposal.reason) else { return nil }
            agreed = AcceptanceProposal(
                actor: proposal.actor, reason: reason, proposedAt: time(proposal.proposedAt),
                expiresAt: time(proposal.expiresAt))
        }
        return PendingList(
            scopeID: scopeID, sourceID: sourceID, issuerID: issuerID, refusal: refusal,
            mark: HighWaterMark(crlNumber: number, thisUpdate: time(thisUpdate), digest: digest),
            nextUpdate: nextUpdate.map(time), entryCount: entryCount, size: size, receivedAt: time(receivedAt),
            proposal: agreed)
    }

    private func time(_ seconds: Int64) -> ValidationTime { ValidationTime(secondsSince1970: seconds) }

    private func octets(_ hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8).map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { octets, index in
            guard let high = digits[index], let low = digits[index + 1] else { return octets = nil }
            octets?.append(UInt8(high << 4 | low))
        }
    }
}
