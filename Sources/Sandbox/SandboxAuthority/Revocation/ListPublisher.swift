import CertificateIssuing
import JPKIProfile
import PKIX
import RevocationLists
import SignatureAlgorithms
import Synchronization

/// Makes and keeps the lists (RFC 5280 §5): daily, or when told to. Thread-safe.
///
/// What is kept of a list is its edition. A nation's partitions are made into DER when they are asked for, the same
/// octets each time, since signatures with RSA do not differ; the others at once.
final class ListPublisher: Sendable {
    /// Everything that determines a list's octets.
    private struct Edition {
        let list: SandboxList
        let number: UInt64
        let thisUpdate: ValidationTime
        /// Of residents; those that are made up come on top.
        let revocations: [RevokedEntry]
        var der: [UInt8]?
    }

    private let settings: SandboxSettings
    private let baseURL: String
    private let authorities: SandboxAuthorities
    private let register: ResidentRegister
    private let faults: FaultBoard
    private let lists: [String: SandboxList]
    private let partitions: PartitionEntries
    private let editions = Mutex<[String: Edition]>([:])

    /// How old a stale list is at least, seconds.
    private static let staleness: Int64 = 3 * 86_400

    init(
        settings: SandboxSettings,
        baseURL: String,
        authorities: SandboxAuthorities,
        register: ResidentRegister,
        faults: FaultBoard
    ) {
        (self.settings, self.baseURL, self.authorities) = (settings, baseURL, authorities)
        (self.register, self.faults) = (register, faults)
        partitions = PartitionEntries(settings.partitions, seed: settings.seed)
        lists = Dictionary(uniqueKeysWithValues: SandboxList.all(settings).map { ($0.id, $0) })
    }

    func publishes(_ id: String) -> Bool { lists[id] != nil }

    /// Publishes every list anew, with higher numbers.
    func publishAll() throws {
        let revoked = revocations()
        for list in lists.values { try publish(list, revoked) }
    }

    /// Publishes one list anew.
    func publish(id: String) throws {
        guard let list = lists[id] else { throw SandboxError.unknownList }
        try publish(list, revocations())
    }

    /// Who is revoked on each list now.
    private func revocations() -> [SandboxList: [RevokedEntry]] {
        let now = settings.clock()
        var found: [SandboxList: [RevokedEntry]] = [:]
        for id in AuthorityID.all {
            for (serial, record) in register.revocations(id, at: now) {
                guard let revocation = record.revocation, revocation.at <= now else { continue }
                let entry = RevokedEntry(serialNumber: serial, revokedAt: revocation.at, reason: revocation.reason)
                found[SandboxList(authority: id, municipality: nil), default: []].append(entry)
                found[SandboxList(authority: id, municipality: record.municipality), default: []].append(entry)
            }
        }
        return found
    }

    @discardableResult
    private func publish(_ list: SandboxList, _ revoked: [SandboxList: [RevokedEntry]]) throws -> Edition {
        let now = settings.clock()
        return try editions.withLock { editions in
            // Seconds since 1970, so that a sandbox that is started again goes on counting up.
            let number = max((editions[list.id]?.number ?? 0) + 1, UInt64(max(now.secondsSince1970, 1)))
            var edition = Edition(list: list, number: number, thisUpdate: now, revocations: revoked[list] ?? [])
            if !list.isPartition { edition.der = try sign(edition, fault: nil) }
            editions[list.id] = edition
            return edition
        }
    }

    /// What is published of each list now, by id.
    func current() throws -> [PublishedList] {
        try lists.values.sorted { $0.id < $1.id }.map { list in
            let edition = try current(list)
            let madeUp = list.municipality.map { partitions.count(of: $0) } ?? 0
            return PublishedList(
                list: list, number: edition.number, thisUpdate: edition.thisUpdate, nextUpdate: nextUpdate(edition),
                entryCount: edition.revocations.count + madeUp, der: edition.der)
        }
    }

    /// The list as its URL answers: the current one, or what a fault makes of it.
    func serve(id: String) throws -> ServedAnswer {
        guard let list = lists[id] else { throw SandboxError.unknownList }
        let fault = faults.fault(on: .list(id: id))
        switch fault {
        case .down: return .nothing
        case .unauthorised: return .forbidden
        case .tryLater: return .unavailable
        default: break
        }
        let edition = try current(list)
        switch fault {
        case .wrongKey: return .octets(try sign(edition, fault: .wrongKey))
        case .stale:
            let then = settings.clock().advanced(bySeconds: -max(ListPublisher.staleness, settings.listValidity * 3))
            // A list of then does not know what was revoked since.
            let known = edition.revocations.filter { $0.revokedAt <= then }
            let stale = Edition(
                list: list, number: UInt64(max(then.secondsSince1970, 1)), thisUpdate: then, revocations: known)
            return .octets(try sign(stale, fault: .stale))
        default: break
        }
        let der = try edition.der ?? sign(edition, fault: nil)
        switch fault {
        case .slow(let milliseconds): return .late(der, milliseconds: milliseconds)
        case .malformed: return .octets(Array(der.prefix(der.count / 2)))
        default: return .octets(der)
        }
    }

    /// The number of the current edition; nil while a fault makes something else of it.
    func entityTag(id: String) throws -> String? {
        guard let list = lists[id] else { throw SandboxError.unknownList }
        switch faults.fault(on: .list(id: id)) {
        case nil, .slow: return "\"\(try current(list).number)\""
        default: return nil
        }
    }

    /// The published list; a new one once its nextUpdate has come.
    private func current(_ list: SandboxList) throws -> Edition {
        if let known = editions.withLock({ $0[list.id] }),
            settings.publication == .whenTold || settings.clock() < nextUpdate(known)
        {
            return known
        }
        return try publish(list, revocations())
    }

    private func nextUpdate(_ edition: Edition) -> ValidationTime {
        edition.thisUpdate.advanced(bySeconds: settings.listValidity)
    }

    /// The DER of an edition.
    private func sign(_ edition: Edition, fault: Fault?) throws -> [UInt8] {
        let list = edition.list
        let authority = try authorities.keys(list.authority).issuing
        let key = fault == .wrongKey ? try otherKey(than: list.authority) : authority.key
        let madeUp = list.municipality.flatMap { partitions.entries(of: $0, until: edition.thisUpdate) }
        var tbs = TBSCertList(
            signature: key.scheme.identifier, issuer: authority.name, thisUpdate: edition.thisUpdate,
            nextUpdate: nextUpdate(edition), entries: ListEntries(madeUp: madeUp, residents: edition.revocations),
            crlNumber: CRLNumber(edition.number),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier[...]))
        let names = list.pointNames(below: baseURL)
        if !names.isEmpty { tbs.issuingDistributionPoint = IssuingDistributionPoint(name: .fullName(names)) }
        return try signedEnvelope(tbs: tbs.der, algorithm: tbs.signature) { try key.signature(over: $0) }
    }

    /// The key of the same authority's other generation: right name, wrong key.
    private func otherKey(than id: AuthorityID) throws -> SigningKey {
        try authorities.keys(AuthorityID(id.kind, id.generation == .first ? .second : .first)).issuing.key
    }
}

/// The made-up entries of a list, then its residents'.
private struct ListEntries: Sequence {
    let madeUp: MadeUpEntries?
    let residents: [RevokedEntry]

    func makeIterator() -> AnyIterator<RevokedEntry> {
        let first = madeUp?.makeIterator()
        var second = residents.makeIterator()
        return AnyIterator { first?.next() ?? second.next() }
    }
}
