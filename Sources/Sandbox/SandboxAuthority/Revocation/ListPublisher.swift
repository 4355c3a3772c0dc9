import CertificateIssuing
import JPKIProfile
import PKIX
import RevocationLists
import SignatureAlgorithms
import Synchronization

/// Makes and keeps the lists (RFC 5280 §5): daily, or when told to. Thread-safe.
final class ListPublisher: Sendable {
    private let settings: SandboxSettings
    private let authorities: SandboxAuthorities
    private let register: ResidentRegister
    private let faults: FaultBoard
    private let lists: [String: SandboxList]
    private let published = Mutex<[String: PublishedList]>([:])

    /// Seconds from thisUpdate to nextUpdate.
    static let validity: Int64 = 86_400
    /// How old a stale list is, seconds: its nextUpdate lies two days back.
    private static let staleness: Int64 = 3 * 86_400

    init(
        settings: SandboxSettings,
        authorities: SandboxAuthorities,
        register: ResidentRegister,
        faults: FaultBoard
    ) {
        (self.settings, self.authorities) = (settings, authorities)
        (self.register, self.faults) = (register, faults)
        let all = SandboxList.all(settings.smartphoneLists)
        lists = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    /// Publishes every list anew, with higher numbers.
    func publishAll() throws { for list in lists.values { try publish(list) } }

    /// Publishes one list anew.
    func publish(id: String) throws {
        guard let list = lists[id] else { throw SandboxError.unknownList }
        try publish(list)
    }

    @discardableResult
    private func publish(_ list: SandboxList) throws -> PublishedList {
        let now = settings.clock()
        return try published.withLock { published in
            // Seconds since 1970, so that a sandbox that is started again goes on counting up.
            let number = max((published[list.id]?.number ?? 0) + 1, UInt64(max(now.secondsSince1970, 1)))
            let signed = try sign(list, number: number, thisUpdate: now, fault: nil)
            published[list.id] = signed
            return signed
        }
    }

    /// What is published of each list now, by id.
    func current() throws -> [PublishedList] {
        try lists.values.sorted { $0.id < $1.id }.map { try current($0) }
    }

    /// The list as its URL answers: the current one, or what a fault makes of it.
    func serve(id: String) throws -> ServedAnswer {
        guard let list = lists[id] else { throw SandboxError.unknownList }
        let current = try current(list)
        switch faults.fault(on: .list(id: id)) {
        case nil: return .octets(current.der)
        case .down: return .nothing
        case .slow(let milliseconds): return .late(current.der, milliseconds: milliseconds)
        case .malformed: return .octets(Array(current.der.prefix(current.der.count / 2)))
        case .unauthorised: return .forbidden
        case .tryLater: return .unavailable
        case .wrongKey:
            return .octets(
                try sign(list, number: current.number, thisUpdate: current.thisUpdate, fault: .wrongKey).der)
        case .stale:
            let then = settings.clock().advanced(bySeconds: -ListPublisher.staleness)
            let number = UInt64(max(then.secondsSince1970, 1))
            return .octets(try sign(list, number: number, thisUpdate: then, fault: .stale).der)
        }
    }

    /// The published list; a new one once its nextUpdate has come.
    private func current(_ list: SandboxList) throws -> PublishedList {
        if let known = published.withLock({ $0[list.id] }), settings.clock() < known.nextUpdate { return known }
        return try publish(list)
    }

    private func sign(
        _ list: SandboxList,
        number: UInt64,
        thisUpdate: ValidationTime,
        fault: Fault?
    ) throws -> PublishedList {
        let authority = try authorities.keys(list.authority).issuing
        // A list of then does not know what was revoked since.
        let entries = register.revocations(list.authority, at: thisUpdate).compactMap { serial, record in
            record.revocation.flatMap { revocation -> RevokedEntry? in
                guard list.municipality == nil || list.municipality == record.municipality,
                    revocation.at <= thisUpdate
                else { return nil }
                return RevokedEntry(serialNumber: serial, revokedAt: revocation.at, reason: revocation.reason)
            }
        }
        let nextUpdate = thisUpdate.advanced(bySeconds: ListPublisher.validity)
        let key = fault == .wrongKey ? try otherKey(than: list.authority) : authority.key
        var tbs = TBSCertList(
            signature: key.scheme.identifier, issuer: authority.name, thisUpdate: thisUpdate, nextUpdate: nextUpdate,
            entries: entries, crlNumber: CRLNumber(number),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier[...]))
        if let name = list.distributionPoint {
            tbs.issuingDistributionPoint = IssuingDistributionPoint(name: .fullName([.directoryName(name)]))
        }
        let der = try signedEnvelope(tbs: tbs.der, algorithm: tbs.signature) { try key.signature(over: $0) }
        return PublishedList(
            list: list, number: number, thisUpdate: thisUpdate, nextUpdate: nextUpdate, entryCount: entries.count,
            der: der)
    }

    /// The key of the same authority's other generation: right name, wrong key.
    private func otherKey(than id: AuthorityID) throws -> SigningKey {
        try authorities.keys(AuthorityID(id.kind, id.generation == .first ? .second : .first)).issuing.key
    }
}
