package import PKIX

/// How a sandbox is set up. With the same settings and the same day, two sandboxes are the same.
package struct SandboxSettings: Sendable {
    /// The key type of the OCSP responders.
    package enum ResponderKey: String, CaseIterable, Sendable {
        /// As J-LIS's certificates are today.
        case rsa2048 = "rsa_2048"
        /// Cheap to sign with: for load tests in which the responder shares the machine.
        case p256 = "p_256"
    }

    /// Who signs OCSP responses.
    package enum ResponseSigner: String, CaseIterable, Sendable {
        /// A responder certificate issued by the authority (RFC 6960 §4.2.2.2), marked nocheck.
        case delegated
        /// The authority's own key.
        case authorityKey = "authority_key"
    }

    /// Whether smartphone authorities publish lists. Nothing is known about J-LIS's; none is the default.
    package enum SmartphoneLists: String, CaseIterable, Sendable {
        case none
        case published
    }

    /// Determines serial numbers, opaque ids, PINs and the people that are made up.
    package var seed = "akashi"
    /// The time. Nothing else in the sandbox reads a clock.
    package var clock: @Sendable () -> ValidationTime
    package var responderKey = ResponderKey.rsa2048
    package var responseSigner = ResponseSigner.delegated
    package var smartphoneLists = SmartphoneLists.none
    /// Municipalities whose lists are stale from the start, until the fault on them is cleared.
    package var municipalitiesWithStaleLists: Set<String> = []

    /// Lists of a nation's municipalities beside those of the three.
    package var partitions = PartitionPlan.none
    /// Seconds from a list's thisUpdate to its nextUpdate.
    package var listValidity: Int64 = 86_400
    package var publication = Publication.daily

    /// When lists are published without being told to.
    package enum Publication: String, CaseIterable, Sendable {
        /// Once the nextUpdate of the one before has come.
        case daily
        /// Never: a list may be past its nextUpdate, as over the new year's days.
        case whenTold = "when_told"
    }

    package init(clock: @escaping @Sendable () -> ValidationTime) { self.clock = clock }
}

/// Octets that the seed and a label determine.
struct SeededOctets {
    let seed: String

    func octets(_ label: String) -> [UInt8] { sha256(Array("\(seed)|\(label)".utf8)) }

    /// A number below `bound` (at least 1), evenly enough for made-up data.
    func number(_ label: String, below bound: Int) -> Int {
        let value = octets(label).prefix(7).reduce(0) { $0 << 8 | Int($1) }
        return value % max(bound, 1)
    }

    /// `count` characters of `alphabet`; at most 32.
    func text(_ label: String, count: Int, alphabet: String = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") -> String {
        let characters = Array(alphabet)
        return String(octets(label).prefix(count).map { characters[Int($0) % characters.count] })
    }
}
