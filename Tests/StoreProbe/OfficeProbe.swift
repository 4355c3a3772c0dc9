import CounterApplications
import CounterKit
import CounterService
import Foundation
import KeyFiles
import Logging
import Organizations
import PKIX
import SQLiteStore
import Synchronization
import SystemClock
import Verification

/// One process of the counter as `akashi serve` puts it together, on a store that others share; issuers, printers and
/// everybody at terminals and desks are at the other end of its standard input. It kills itself at a place that it is
/// given, or at the first that it is not given.
struct OfficeProbe: Sendable {
    let ports: CounterPorts
    let terminal: CounterTerminal
    let desk: CounterDesk
    let engine: CounterEngine

    /// - Parameter arguments: the setting; then the place to die at, or `+` and the places to live through, with `|`
    ///   between them; and milliseconds before which it does not die.
    static func run(_ arguments: [String]) async throws {
        guard arguments.count == 6, let setting = OfficeSetting(Array(arguments.prefix(4))),
            let after = UInt64(arguments[5])
        else { exit(2) }
        let doom = Doom(arguments[4], after: OfficeClock.monotonic &+ after &* 1_000_000)
        let orders = Mutex<OfficeOrders?>(nil)
        let channel = OfficeChannel(descriptor: 0) { question in
            for _ in 0..<2_000 {
                if let orders = orders.withLock({ $0 }) { return await orders.answer(question) }
                try? await Task.sleep(for: .milliseconds(5))
            }
            return ["no", "not_ready"]
        } onEnd: {
            exit(0)
        }
        channel.start()
        let probe = try OfficeProbe(setting, channel, Life { place in doom.reached(place, channel) })
        orders.withLock { $0 = OfficeOrders(probe: probe) }
        channel.tell(["ready"])
        await probe.engine.runUntilCancelled()
    }

    init(_ setting: OfficeSetting, _ channel: OfficeChannel, _ life: Life) throws {
        let clock = setting.clock
        let store = try SQLiteStore(.init(path: setting.store, environment: .sandbox), clock: clock)
        let counter = SQLiteCounterStore(
            store, sealer: try FileSecretSealer(path: setting.key, whenMissing: .create))
        ports = CounterPorts(
            store: LivingStore(base: counter, life: life), lookup: NobodyIsLookedUp(),
            issuer: ChannelIssuer(channel: channel, life: life, pace: Int(setting.pace)),
            renderer: SimulatedRenderer(), inspector: SimulatedInspector(),
            printer: ChannelPrinter(channel: channel, life: life), clock: clock, randomness: SystemRandomness(),
            words: PaperWords([:]))
        let settings = OfficeProbe.settings
        let logger = Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() }
        let breaker = IssuerBreaker()
        let engine = CounterEngine(
            driver: CounterDriver(ports: ports, breaker: breaker, settings: { settings }, logger: logger),
            settings: .init(interval: .milliseconds(25)))
        self.engine = engine
        terminal = CounterTerminal(
            ports: ports, verification: ChallengesOnly(SystemRandomness()), breaker: breaker, settings: { settings },
            wake: { engine.wake($0) })
        desk = CounterDesk(ports: ports, settings: { settings }, wake: { engine.wake($0) }, logger: logger)
    }

    private static let settings = CounterSettings(
        environment: .sandbox,
        municipalities: Dictionary(uniqueKeysWithValues: OfficeSetting.cities.map { ($0, counter(of: $0)) }),
        leaseSeconds: 90)

    private static func counter(of city: MunicipalityCode) -> MunicipalCounter {
        let procedure = CounterProcedure(
            id: "juminhyo", kind: .residentRecord, names: ["ja": "住民票の写し"], scopes: [.individual], details: [],
            fiscalYears: [], mostCopies: 5,
            fees: FeeTable(perCopy: 300, exemptions: [.init(id: "pension", names: ["ja": "年金"], perCopy: 0)]),
            minimumAge: 15, hours: .always, policyID: "online-only",
            limits: ProcedureLimits(issuing: 600, holding: 600, retention: 20))
        let counterPrinter = OfficeSetting.counterPrinter(city.digits)
        let slip = PrintTarget(
            printer: OfficeSetting.slipPrinter(city.digits), tray: nil, media: "iso_a6_105x148mm", sides: .one)
        let secure = PrintTarget(
            printer: counterPrinter, tray: OfficeSetting.secureTray, media: "iso_a4_210x297mm", sides: .two)
        let plain = PrintTarget(printer: counterPrinter, tray: "tray-1", media: "iso_a4_210x297mm", sides: .one)
        let targets: [PaperKind: PrintTarget] = [
            .receiptSlip: slip, .certifiedCopy: secure, .applicationForm: plain, .feeReceipt: plain,
        ]
        return MunicipalCounter(
            code: city, name: "見本市", procedures: [procedure],
            sites: ["main": CounterSite(id: "main", name: "本庁舎", targets: targets)],
            identificationPolicyID: "online-only", issuerSeconds: OfficeSetting.issuerSeconds, parallel: 16,
            idleSeconds: 240)
    }
}

/// Kills the process where it is told to: no destructor runs, nothing is flushed.
private final class Doom: Sendable {
    private let places: Set<String>
    private let spares: Bool
    private let after: UInt64
    private let seen = Mutex<Set<String>>([])

    init(_ text: String, after: UInt64) {
        spares = text.hasPrefix("+")
        places = Set(text.drop { $0 == "+" }.split(separator: "|").map(String.init))
        self.after = after
    }

    /// True, or never returns. Places that are reached for the first time are told of; a step without a name is none.
    func reached(_ place: String, _ channel: OfficeChannel) -> Bool {
        guard !place.isEmpty else { return true }
        if seen.withLock({ $0.insert(place).inserted }) { channel.tell(["place", place]) }
        if places.contains(place) != spares, OfficeClock.monotonic >= after {
            channel.tell(["dead", place])
            kill(getpid(), SIGKILL)
        }
        return true
    }
}
