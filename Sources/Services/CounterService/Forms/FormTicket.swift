internal import CounterApplications
internal import Foundation
internal import Organizations
internal import PKIX
internal import Verification

/// A person whose signature was verified, sealed for the terminal that keeps it: the platform keeps nothing.
struct FormTicket: Codable {
    /// Seconds since 1970.
    let expiresAt: Int64
    let person: FormPerson
    let verificationID: String

    /// Long enough to fill in what is not on the card, and a second form.
    static let seconds: Int64 = 900
    /// Octets of the largest.
    static let largest = 16_384

    /// Bound to the terminal that tapped the card.
    private static func context(_ context: RequestContext) -> [UInt8] {
        let requester = context.requester
        return Array("akashi form ticket 1|\(requester.municipality.digits)|\(requester.actor)".utf8)
    }

    func sealed(by sealer: any TicketSealer, for context: RequestContext) -> [UInt8]? {
        guard let json = try? JSONEncoder().encode(self) else { return nil }
        return try? sealer.seal([UInt8](json), context: FormTicket.context(context))
    }

    /// Nil for one that is no ticket, another terminal's, or over.
    init?(_ sealed: [UInt8], by sealer: any TicketSealer, for context: RequestContext, at now: ValidationTime) {
        guard sealed.count <= FormTicket.largest,
            let json = try? sealer.open(sealed, context: FormTicket.context(context)),
            let ticket = try? JSONDecoder().decode(FormTicket.self, from: Data(json)),
            now.secondsSince1970 < ticket.expiresAt
        else { return nil }
        self = ticket
    }

    init(_ person: FormPerson, verificationID: String, at now: ValidationTime) {
        (self.person, self.verificationID) = (person, verificationID)
        expiresAt = now.secondsSince1970 + FormTicket.seconds
    }
}
