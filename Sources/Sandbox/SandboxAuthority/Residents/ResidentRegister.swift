import JPKIProfile
import PKIX
import Synchronization

/// Who there is and what became of their certificates. Thread-safe.
final class ResidentRegister: Sendable {
    /// What an authority knows about one serial number.
    struct Record {
        let residentID: String
        /// At the time of issue: the list it stands on never changes.
        let municipality: SandboxMunicipality
        let notAfter: ValidationTime
        var revocation: Revocation?
    }

    private struct State {
        var residents: [String: Resident] = [:]
        var order: [String] = []
        var records: [AuthorityID: [SerialNumber: Record]] = [:]
        var revoked: [AuthorityID: Set<SerialNumber>] = [:]
        var nextSerial: [CertificateKind: UInt64]
        var nextPerson = 1
    }

    private let state: Mutex<State>

    /// Serial numbers count up from a start that the seed shifts, one counter for a kind: both generations of
    /// an authority draw from it, as J-LIS's do.
    init(seed: String) {
        let shift = UInt64(SeededOctets(seed: seed).number("serials", below: 100_000))
        let starts: [UInt64] = [0x067C_7000, 0x06D1_9000, 0x0100_2000, 0x0100_9000]
        state = Mutex(
            State(
                nextSerial: Dictionary(uniqueKeysWithValues: zip(CertificateKind.allCases, starts.map { $0 + shift }))))
    }

    /// The next serial number of the authorities of `kind`.
    func takeSerial(_ kind: CertificateKind) -> SerialNumber {
        state.withLock { state in
            let value = state.nextSerial[kind, default: 1]
            state.nextSerial[kind] = value + 1
            return SerialNumber(value)
        }
    }

    /// A number that no other made-up person has.
    func takePersonNumber() -> Int {
        state.withLock { state in
            defer { state.nextPerson += 1 }
            return state.nextPerson
        }
    }

    /// Enters a resident with their certificates.
    func enter(_ resident: Resident) {
        state.withLock { state in
            if state.residents.updateValue(resident, forKey: resident.id) == nil { state.order.append(resident.id) }
            for item in resident.certificates where item.registration == .registered {
                let record = Record(
                    residentID: resident.id, municipality: resident.municipality,
                    notAfter: item.certificate.notAfter, revocation: item.revocation)
                state.records[item.authority, default: [:]][item.serialNumber] = record
                if item.revocation != nil { state.revoked[item.authority, default: []].insert(item.serialNumber) }
            }
        }
    }

    func resident(_ id: String) -> Resident? { state.withLock { $0.residents[id] } }

    /// In order of entry; `count` of them from `offset` on.
    func residents(offset: Int = 0, count: Int = .max) -> [Resident] {
        state.withLock { state in state.order.dropFirst(offset).prefix(count).compactMap { state.residents[$0] } }
    }

    func record(_ authority: AuthorityID, _ serial: SerialNumber) -> Record? {
        state.withLock { $0.records[authority]?[serial] }
    }

    /// The revoked certificates of an authority that have not expired, by serial number.
    func revocations(_ authority: AuthorityID, at time: ValidationTime) -> [(SerialNumber, Record)] {
        let found = state.withLock { state in
            (state.revoked[authority] ?? []).compactMap { serial in
                state.records[authority]?[serial].map { (serial, $0) }
            }
        }
        return found.filter { $0.1.notAfter >= time }
            .sorted { ($0.0.unsigned64 ?? 0) < ($1.0.unsigned64 ?? 0) }
    }

    /// Changes one resident; what `body` returns is passed on.
    func change<Result>(_ id: String, _ body: (inout Resident) throws -> Result) throws -> Result {
        try state.withLock { state in
            guard var resident = state.residents[id] else { throw SandboxError.unknownResident }
            defer { state.residents[id] = resident }
            return try body(&resident)
        }
    }

    /// Records a revocation on a certificate of a resident.
    ///
    /// - Throws: ``SandboxError/alreadyRevoked``: neither a revocation nor a hold is ever taken back.
    func revoke(_ id: String, _ kind: CertificateKind, _ revocation: Revocation) throws {
        try state.withLock { state in
            guard let resident = state.residents[id] else { throw SandboxError.unknownResident }
            guard let index = resident.certificates.lastIndex(where: { $0.kind == kind }) else {
                throw SandboxError.noSuchCertificate
            }
            let item = resident.certificates[index]
            guard item.revocation == nil else { throw SandboxError.alreadyRevoked }
            state.residents[id]?.certificates[index].revocation = revocation
            guard item.registration == .registered else { return }
            state.records[item.authority]?[item.serialNumber]?.revocation = revocation
            state.revoked[item.authority, default: []].insert(item.serialNumber)
        }
    }
}
