package import JPKIProfile
package import Organizations
package import PKIX
internal import PathValidation
package import RevocationLists
package import Verification

/// The newest record of a certificate that a municipality has checked.
package struct EnrolledCertificate: Hashable, Sendable {
    /// See ``SealedSerial/searchKey``.
    package let searchKey: [UInt8]
    package let recordID: String
    package let checkedAt: ValidationTime

    package init(searchKey: [UInt8], recordID: String, checkedAt: ValidationTime) {
        (self.searchKey, self.recordID, self.checkedAt) = (searchKey, recordID, checkedAt)
    }
}

/// Which certificates a municipality has: those of its own records, found by the keyed hash of their serial numbers.
package protocol EnrolledCertificates: Sendable {
    /// Those of `searchKeys` that the municipality has, each with its newest record.
    func enrolled(
        _ searchKeys: [[UInt8]],
        of municipality: MunicipalityCode
    ) async throws(StoreError) -> [EnrolledCertificate]
}

/// One change that concerns a certificate of the municipality.
package struct EnrolledChange: Hashable, Sendable {
    package let change: ListChange
    package let certificate: EnrolledCertificate
}

/// What changed between two lists, for one municipality's own certificates alone.
///
/// Revocation data of other people's certificates is not passed on (公的個人認証法 Art. 52): serial numbers go out only
/// where the municipality's own records have them, and the reading stands on the audit trail.
package struct ListChangeReporter: Sendable {
    package enum Fault: Error, Hashable, Sendable {
        case scopeMissing
        case purposeNotAllowed
        /// No such list is kept.
        case noList
        /// The lists are not of one series.
        case notComparable
        case unavailable
    }

    /// A list, in force or archived.
    package struct Named: Sendable {
        package let list: VerifiedList
        package let id: String

        package init(list: VerifiedList, id: String) { (self.list, self.id) = (list, id) }
    }

    package struct Ports: Sendable {
        package var enrolled: any EnrolledCertificates
        package var records: any RecordStore
        package var sealer: any SerialSealer
        package var work: any HeavyWork
        package var clock: any TrustedClock

        package init(
            enrolled: any EnrolledCertificates,
            records: any RecordStore,
            sealer: any SerialSealer,
            work: any HeavyWork,
            clock: any TrustedClock
        ) {
            (self.enrolled, self.records, self.sealer) = (enrolled, records, sealer)
            (self.work, self.clock) = (work, clock)
        }
    }

    /// Changes that are looked up at a time.
    private static let portion = 512

    private let ports: Ports

    package init(_ ports: Ports) { self.ports = ports }

    /// The changes in the order of their serial numbers.
    package func changes(
        from older: Named,
        to newer: Named,
        issuer: Issuer,
        purpose: String,
        context: RequestContext
    ) async throws(Fault) -> [EnrolledChange] {
        guard context.requester.scopes.contains(.status) else { throw .scopeMissing }
        guard context.requester.purposes.contains(purpose) else { throw .purposeNotAllowed }
        guard let keyIdentifier = issuer.anchor.keyIdentifier.map({ Array($0) }) else { throw .unavailable }
        let every = try await compared(older, newer)
        var found: [EnrolledChange] = []
        var rest = every[...]
        while !rest.isEmpty {
            found += try await own(rest.prefix(ListChangeReporter.portion), keyIdentifier, context)
            rest = rest.dropFirst(ListChangeReporter.portion)
        }
        let event = AuditEvent(
            kind: .listChangesRead, occurredAt: ports.clock.reading().now, context: context, subject: newer.id,
            purpose: purpose, result: "answered",
            details: ["from": older.id, "changes": String(every.count), "own": String(found.count)])
        do throws(StoreError) { try await ports.records.append(event) } catch { throw .unavailable }
        return found.sorted { $0.change.serialNumber.octets.isBefore($1.change.serialNumber.octets) }
    }

    private func compared(_ older: Named, _ newer: Named) async throws(Fault) -> [ListChange] {
        do throws(ListComparisonError) {
            return try await ports.work.attempt { () throws(ListComparisonError) in
                var changes: [ListChange] = []
                try forEachChange(from: older.list, to: newer.list) { changes.append($0) }
                return changes
            }
        } catch {
            throw error == .notComparable ? .notComparable : .unavailable
        }
    }

    private func own(
        _ changes: ArraySlice<ListChange>,
        _ keyIdentifier: [UInt8],
        _ context: RequestContext
    ) async throws(Fault) -> [EnrolledChange] {
        let municipality = context.requester.municipality
        var byKey: [[UInt8]: ListChange] = [:]
        for change in changes {
            guard
                let key = try? ports.sealer.searchKey(
                    change.serialNumber, issuerKeyIdentifier: keyIdentifier, of: municipality)
            else { throw .unavailable }
            byKey[key] = change
        }
        do throws(StoreError) {
            let found = try await ports.enrolled.enrolled(Array(byKey.keys), of: municipality)
            return found.compactMap { certificate in
                byKey[certificate.searchKey].map { EnrolledChange(change: $0, certificate: certificate) }
            }
        } catch {
            throw .unavailable
        }
    }
}

extension ArraySlice<UInt8> {
    /// Shorter numbers first, then by octets.
    fileprivate func isBefore(_ other: ArraySlice<UInt8>) -> Bool {
        count == other.count ? lexicographicallyPrecedes(other) : count < other.count
    }
}
