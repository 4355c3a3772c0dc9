import CertificateIssuing
import Foundation
import PKIX
import RevocationUpdating
import SignatureAlgorithms

/// One source of the campaign, with its list in force and the lists that spoilt downloads are made of.
struct FaultLane: Sendable {
    enum Kind: Sendable {
        /// Faults one after the other, as fast as they go.
        case quick
        /// The same for a source whose scope its first list has set.
        case pinned
        /// Faults that take their time, under short limits.
        case slow
    }

    let id: String
    let kind: Kind
    let city: String
    let authority: IssuingAuthority
    let held: [UInt8]
    /// Would replace `held`: about 1 MB, and about 20 KB.
    let next: [UInt8]
    let small: [UInt8]

    init(_ index: Int, _ kind: Kind, _ authority: IssuingAuthority) throws {
        (id, city, self.kind, self.authority) = ("lane-\(index)", "city-\(index)", kind, authority)
        let point = cityPoint(city)
        held = try ListRecipe(authority).with {
            $0.point = point
            $0.thisUpdate = noon.advanced(bySeconds: -3_600)
        }.der()
        let next = ListRecipe(authority).with {
            $0.point = point
            $0.number = CRLNumber(11)
        }
        self.next = try next.with { $0.serials = (1...27_000).map { $0 } }.der()
        small = try next.with { $0.serials = (1...500).map { $0 } }.der()
    }

    func source(at url: String) -> CRLSource {
        CRLSource(
            id: id, issuerID: "fault-campaign", issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
            location: .http(url: "\(url)/\(id).crl"),
            scope: kind == .pinned ? .pinnedByFirstList : .distributionPoint(cityPoint(city)), maximumSize: 2_000_000,
            deadline: kind == .slow ? 2 : 120)
    }

    /// A list of this lane, signed and different from all others, with a change.
    func list(_ mark: UInt64, _ change: (inout ListRecipe) throws -> Void) throws -> [UInt8] {
        var recipe = ListRecipe(authority).with {
            $0.point = cityPoint(city)
            $0.number = CRLNumber(11)
            $0.serials = [1, 2, 1_000_000 + mark]
        }
        try change(&recipe)
        return try recipe.der()
    }
}

/// Chance that is the same in every run.
struct SeededChance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

/// What the server does with one request of the fault.
typealias FaultAnswer = @Sendable (ScriptedConnection, RawRequest) -> Void

/// A download that goes wrong: an answer for each request of the attempt, and how the attempt may be named.
struct InjectedFault: Sendable {
    let kind: String
    /// Codes of the outcome; none of them for any refusal of a list.
    let codes: Set<String>
    /// The last one answers every further request.
    let answers: [FaultAnswer]

    init(_ kind: String, _ codes: Set<String>, _ answers: FaultAnswer...) {
        (self.kind, self.codes, self.answers) = (kind, codes, answers)
    }

    func allows(_ code: String) -> Bool {
        codes.isEmpty ? CRLRefusal(rawValue: code) != nil : codes.contains(code)
    }
}
