import CounterApplications
import CounterService
import JPKIProfile
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import SandboxAuthority
import SignatureAlgorithms
import SignatureValidation
import Synchronization
import SystemClock
import Verification

/// The sandbox's responders, asked without a network.
struct SandboxStatus: StatusResponder {
    let sandbox: Sandbox

    func ask(_ request: [UInt8], at url: String) async -> OCSPExchange {
        let medium: CertificateKind.Medium = url.hasSuffix("smartphone") ? .smartphone : .card
        switch try? sandbox.answer(ocspRequest: request, medium: medium) {
        case .octets(let octets), .late(let octets, milliseconds: _): return .response(octets)
        case .nothing: return .failure(.timedOut)
        case .forbidden, .unavailable, nil: return .failure(.httpStatus)
        }
    }
}

/// A platform that has no lists.
struct NoListsHere: ListProvider, ListArchive {
    func lists(
        for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings, asOf time: ValidationTime
    ) async -> ListEvidence { .held([], missing: .none) }

    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        .held([], missing: .none)
    }
}

/// A municipality's table from key identifier and serial number to 宛名番号, and what was asked of it.
final class LinkTable: ResidentLookup {
    struct Key: Hashable {
        let issuer: [UInt8]
        let serial: SerialNumber
    }

    private let linked = Mutex<[Key: ResidentLookupAnswer]>([:])
    private let asked = Mutex<[(query: ResidentQuery, deadline: Int)]>([])

    var queries: [ResidentQuery] { asked.withLock { $0.map(\.query) } }
    /// Seconds that each question was given.
    var deadlines: [Int] { asked.withLock { $0.map(\.deadline) } }

    func link(_ item: ResidentCertificate, to answer: ResidentLookupAnswer) throws {
        let issuer = made(item.certificate.extensions.authorityKeyIdentifier?.keyIdentifier)
        linked.withLock { $0[Key(issuer: Array(issuer), serial: item.serialNumber)] = answer }
    }

    func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer {
        asked.withLock { $0.append((query, deadline)) }
        let key = Key(issuer: query.issuerKeyIdentifier, serial: query.serial)
        return linked.withLock { $0[key] } ?? .refused(.notLinked)
    }
}

/// A counter whose identifications are verified for good: the sandbox's authorities, residents' keys and responders, the
/// verification service with its store on a disk. Only the register is a table.
struct IdentificationBench {
    let counter = CounterBench()
    let folder: CounterStoreTests.Folder
    let sandbox: Sandbox
    let table = LinkTable()
    let terminal: CounterTerminal

    /// Seconds that an exchange with the municipality's server may take.
    static let issuerSeconds = 7

    init() throws {
        let (clock, folder) = (counter.clock, try CounterStoreTests.Folder())
        let sandbox = try Sandbox(
            settings: SandboxSettings { clock.reading().now }, baseURL: "http://127.0.0.1:1")
        let procedure = Procedure(
            id: "online-only", acceptedKinds: Set(CertificateKind.allCases),
            revocation: RevocationPolicy(fallback: .forbidden))
        let strict = Procedure(
            id: "just-now", acceptedKinds: Set(CertificateKind.allCases),
            revocation: RevocationPolicy(fallback: .forbidden, maxResponseAge: 3_600))
        let settings = VerificationSettings(
            environment: .sandbox, trust: sandbox.description.trustSettings,
            procedures: ["online-only": procedure, "just-now": strict],
            defaultProcedureID: "online-only", challengeSeconds: 120, digest: "d")
        let service = VerificationService(
            ports: .init(
                clock: clock, randomness: counter.numbers, store: try folder.open().store,
                responder: SandboxStatus(sandbox: sandbox), lists: NoListsHere(), archive: NoListsHere(),
                sealer: try FileSerialSealer(path: folder.path + "/serials.key", whenMissing: .create),
                encodeBody: { Array($0.id.utf8) }),
            settings: { settings })
        var ports = counter.ports()
        ports.lookup = table
        let counterSettings = IdentificationBench.settings(counter.settings)
        terminal = CounterTerminal(
            ports: ports, verification: service, breaker: counter.breaker, settings: { counterSettings },
            wake: { _ in })
        (self.folder, self.sandbox) = (folder, sandbox)
    }

    /// The counter's with a second procedure, which asks for a fresher answer.
    private static func settings(_ usual: CounterSettings) -> CounterSettings {
        CounterSettings(
            environment: usual.environment,
            municipalities: usual.municipalities.mapValues { city in
                MunicipalCounter(
                    code: city.code, name: city.name,
                    procedures: city.procedures + [
                        Sample.procedure(
                            .sealRegistration, id: "inkan", hours: made(city.procedures.first).hours,
                            policyID: "just-now")
                    ], sites: city.sites, identificationPolicyID: city.identificationPolicyID,
                    issuerSeconds: issuerSeconds, parallel: city.parallel)
            })
    }

    func open(
        at terminal: String = "kiosk-1", of city: MunicipalityCode = Sample.city
    ) async throws -> (CounterApplication, Challenge) {
        try await self.terminal.open(language: "ja", counter.context(terminal, of: city))
    }

    /// What a resident's card answers to a challenge.
    func proof(
        _ challenge: Challenge,
        by archetype: Archetype = .regular,
        kind: CertificateKind = .cardUserAuthentication
    ) throws -> VerificationRequest {
        let resident = try sandbox.resident(archetype)
        let signature = try sandbox.sign(
            challenge.nonce, as: resident.id, kind: kind, pin: made(resident.pin(for: kind.use)))
        return VerificationRequest(
            certificate: made(resident.certificate(kind)).certificate.der, message: .content(challenge.nonce),
            scheme: .rsaPKCS1(.sha256), signature: signature, challengeID: challenge.id, purpose: "", policyID: nil,
            revocation: RevocationPreference(), validationTime: nil, claims: [])
    }

    /// Enters the newest certificate of a resident into the municipality's table.
    func link(
        _ archetype: Archetype = .regular,
        kind: CertificateKind = .cardUserAuthentication,
        to answer: ResidentLookupAnswer = .found(Sample.resident())
    ) throws {
        try table.link(made(try sandbox.resident(archetype).certificate(kind)), to: answer)
    }

    func identify(
        _ application: CounterApplication,
        _ proof: VerificationRequest,
        for procedureID: String? = "juminhyo",
        at terminal: String = "kiosk-1"
    ) async throws -> CounterTerminal.IdentificationAnswer {
        try await self.terminal.identify(application.id, proof, procedureID: procedureID, counter.context(terminal))
    }
}
