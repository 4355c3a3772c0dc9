import CounterApplications
import CounterKit
import CounterService
import Logging
import Organizations
import PKIX
import SystemClock
import Verification

/// A verification that gives challenges and is never asked for more: what it finds is its own room's tests' matter.
struct ChallengesAlone: CounterVerification {
    let numbers: SeededNumbers

    func createChallenge(purpose: String, context: RequestContext) async throws(ServiceError) -> Challenge {
        Challenge(
            id: "chl_\(numbers.next())", nonce: numbers.octets(32), municipality: context.requester.municipality,
            actor: context.requester.actor, purpose: purpose, createdAt: Sample.start,
            expiresAt: Sample.start.advanced(bySeconds: 300))
    }

    func verify(
        _ request: VerificationRequest, context: RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer { throw .serviceNotReady }
}

/// A counter with simulated surroundings and a hand-set clock.
struct CounterBench: Sendable {
    let numbers: SeededNumbers
    let store = MemoryCounterStore()
    let office: SimulatedOffice
    let clock = ManualClock(Sample.start)
    let breaker = IssuerBreaker()
    let settings: CounterSettings

    init(seed: UInt64 = 1, faults: SimulatedOffice.Faults = .none, retention: Int64 = 60) {
        numbers = SeededNumbers(seed)
        office = SimulatedOffice(numbers: numbers, faults: faults)
        let limits = ProcedureLimits(issuing: 60, holding: 60, retention: retention)
        let always = OpeningHours(
            weekly: Dictionary(
                uniqueKeysWithValues: OpeningHours.Weekday.allCases.map {
                    ($0, [OpeningHours.Interval(opens: 0, closes: 1_440)].compactMap { $0 })
                }))
        let targets: [PaperKind: PrintTarget] = [
            .receiptSlip: Sample.slip, .certifiedCopy: Sample.secure, .applicationForm: Sample.plain,
            .feeReceipt: Sample.plain,
        ]
        let cities = [Sample.city, Sample.otherCity].map { code in
            MunicipalCounter(
                code: code, name: "見本市",
                procedures: [Sample.procedure(hours: always, limits: limits)],
                sites: [
                    "main": CounterSite(id: "main", name: "本庁舎", targets: targets),
                    "branch": CounterSite(id: "branch", name: "支所", targets: targets),
                ],
                identificationPolicyID: "online-only", parallel: 4)
        }
        settings = CounterSettings(
            environment: .sandbox,
            municipalities: Dictionary(uniqueKeysWithValues: cities.map { ($0.code, $0) }))
    }

    func ports(_ life: Life = Life()) -> CounterPorts {
        CounterPorts(
            store: LivingStore(base: store, life: life), lookup: NobodyFound(),
            issuer: SimulatedIssuer(office: office, life: life), renderer: SimulatedRenderer(),
            inspector: SimulatedInspector(), printer: SimulatedPrinter(office: office, life: life), clock: clock,
            randomness: numbers, words: PaperWords([:]))
    }

    func terminal(_ life: Life = Life()) -> CounterTerminal {
        let settings = settings
        return CounterTerminal(
            ports: ports(life), verification: ChallengesAlone(numbers: numbers), breaker: breaker,
            settings: { settings }, wake: { _ in })
    }

    func desk(_ life: Life = Life()) -> CounterDesk {
        let settings = settings
        return CounterDesk(ports: ports(life), settings: { settings }, wake: { _ in }, logger: CounterBench.silent)
    }

    func driver(_ life: Life = Life(), breaker: IssuerBreaker? = nil) -> CounterDriver {
        let settings = settings
        return CounterDriver(
            ports: ports(life), breaker: breaker ?? self.breaker, settings: { settings }, logger: CounterBench.silent)
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func context(
        _ terminal: String = "kiosk-1", of city: MunicipalityCode = Sample.city, at site: String = "main"
    ) -> RequestContext {
        RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: city, actor: terminal, site: site, scopes: [.counter],
                purposes: [MunicipalCounter.purpose]),
            requestID: "req_\(numbers.next())", idempotency: nil)
    }

    // MARK: Steps

    /// An application that has been identified as `resident`.
    func identified(
        as resident: String, at terminal: String = "kiosk-1", of city: MunicipalityCode = Sample.city,
        site: String = "main"
    ) async throws -> CounterApplication {
        let here = context(terminal, of: city, at: site)
        let opened = try await self.terminal().open(language: "ja", here).application
        let transition = try opened.applying(.identified(Sample.applicant(resident)), at: clock.reading().now)
        try await store.commit([CounterChange(application: transition.application, expecting: opened.version)])
        return transition.application
    }

    static func order(
        _ procedureID: String = "juminhyo", copies: Int = 1, exemption: String? = nil
    ) -> CounterTerminal.OrderRequest {
        CounterTerminal.OrderRequest(
            procedureID: procedureID, scope: .individual, details: [], fiscalYear: nil, copies: copies,
            exemption: exemption)
    }

    func submitted(
        as resident: String, copies: Int = 1, exemption: String? = nil, of city: MunicipalityCode = Sample.city,
        site: String = "main"
    ) async throws -> CounterApplication {
        let application = try await identified(as: resident, of: city, site: site)
        return try await terminal().submit(
            application.id, CounterBench.order(copies: copies, exemption: exemption), version: nil,
            context(of: city, at: site))
    }

    /// Claims and drives once what is due.
    func drive(_ driver: CounterDriver? = nil, of city: MunicipalityCode = Sample.city) async throws {
        let now = clock.reading().now
        let lease = CounterLease(owner: "o\(numbers.next())", until: now.advanced(bySeconds: 90))
        for application in try await store.claim(of: city, dueAt: now, lease: lease, limit: 100) {
            await (driver ?? self.driver()).drive(application, lease: lease)
        }
    }

    /// Drives until the papers have come out, or for `turns` turns of a second.
    func settle(_ turns: Int = 12, of city: MunicipalityCode = Sample.city) async throws {
        for _ in 0..<turns {
            try await drive(of: city)
            office.printersWork()
            clock.advance(bySeconds: 1)
        }
    }

    func fresh(_ application: CounterApplication) async throws -> CounterApplication {
        try await store.application(application.id, of: application.municipality) ?? application
    }
}

struct NobodyFound: ResidentLookup {
    func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer { .failed(.notConfigured) }
}
