import BatchStatus
import CRLSources
import ConfigurationFiles
import CounterService
import DeviceEnrolment
import Foundation
import HTTPAPI
import HTTPSupport
import JobFiles
import KeyFiles
import Logging
import MessageCatalogue
import Metrics
import OCSPOverHTTP
import Observability
import OutgoingHTTP
import RevocationIndexFiles
import RevocationUpdating
import SQLiteStore
import ServiceLifecycle
import StaffSignIn
import SystemClock
import Verification

/// Everything that one `akashi serve` process is made of. Wiring only.
struct Platform: Sendable {
    let configuration: ConfigurationBox
    let store: SQLiteStore
    let lists: ListFileStore
    let updater: RevocationUpdater
    let archive: ListArchiveReader
    let service: VerificationService
    let batches: BatchService
    let changes: ListChangeReporter
    /// Nil where no devices are configured.
    let devices: DeviceRegistry?
    /// Nil where the configuration has no pages for staff.
    let staff: StaffAuthenticator?
    /// Nil where no counter is configured.
    let counter: PlatformCounter?
    /// Brings applications of former times to their end; nil where a counter is configured, or never was.
    let counterKeeping: CounterEngine?
    /// Nil where no forms are configured.
    let forms: FormDesk?
    let connections = ClientConnections()
    let clock: SystemClock
    let catalogue: MessageStore
    let metrics: PrometheusRegistry
    let outgoing: OutgoingHTTPClient
    let logger: Logger

    init(_ configuration: ConfigurationBox, metrics: PrometheusRegistry, logger: Logger) throws {
        let current = configuration.current
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        clock = try SystemClock(markPath: current.keyFolder + "/clock.mark")
        let keys = try PlatformKeys(current)
        store = try SQLiteStore(
            .init(path: current.storePath, environment: current.environment, retention: current.retentionPolicy),
            clock: clock, signing: keys.signing)
        let work = WorkerQueue(width: max(1, ProcessInfo.processInfo.activeProcessorCount - 1))
        // Files mostly wait for the disk: several at a time, so that a thousand partitions do not queue for one.
        lists = try ListFileStore(
            path: current.listFolder, environment: current.environment, work: WorkerQueue(width: 4))
        catalogue = try MessageStore.standard()
        outgoing = OutgoingHTTPClient()
        let randomness = SystemRandomness()
        let spool = ListSpool(folder: current.listFolder + "/incoming")
        spool.purge()
        updater = RevocationUpdater(
            sources: current.crlSources,
            fetcher: ConfiguredListFetcher(
                http: HTTPListFetcher(client: outgoing, spool: spool), directories: LDAPListFetcher(spool: spool),
                files: FileListFetcher(spool: spool)),
            store: lists, pending: lists.pendingLists, marks: store, records: store, work: work, clock: clock,
            randomness: randomness,
            settings: .init(environment: current.environment), logger: logger)
        archive = ListArchiveReader(holder: updater.holder, store: lists)
        let composer = AnswerComposer(catalogue: catalogue)
        let responder = OCSPOverHTTPResponder(
            client: outgoing,
            settings: OCSPClientSettings(deadline: .seconds(Int64(current.limits.ocspSeconds))))
        service = VerificationService(
            ports: .init(
                clock: clock, randomness: randomness, store: store,
                responder: responder, lists: updater.holder, archive: archive, sealer: keys.sealer,
                encodeBody: { composer.stored($0) }),
            settings: { configuration.current.verificationSettings })
        staff = current.staffPages == nil ? nil : try staffAuthenticator(configuration, store: store, clock: clock)
        let conditions = PlatformConditions(
            configuration: configuration, responder: responder, lists: updater.holder, clock: clock)
        counter = try PlatformCounter(
            configuration, store: store, clock: clock, verification: service, logger: logger,
            conditions: { conditions.current })
        counterKeeping = try PlatformCounterKeeping.engine(configuration, store: store, clock: clock, logger: logger)
        forms = try PlatformForms.desk(
            configuration, store: store, clock: clock, verification: service, rendering: counter?.rendering)
        changes = ListChangeReporter(
            .init(enrolled: store, records: store, sealer: keys.sealer, work: work, clock: clock))
        let held = try DeviceKeys(current, store: store)
        devices = try held?.registry(store, clock, configuration)
        let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        batches = BatchService(
            engine: BatchEngine(
                ports: .init(
                    store: store, files: try JobFolder(current.storePath + "-jobs", threads: workers),
                    lists: HeldLists(updater, store: lists), clock: clock, randomness: randomness,
                    sealed: held.map { [store] in SealedRecordIntake(ledger: store, opener: $0.sealing) }),
                settings: BatchSettings(
                    retentionSeconds: Int64(current.retention.batchHours) * 3_600, workers: workers),
                verificationSettings: { configuration.current.verificationSettings }, logger: logger))
    }

    /// What the API's routes need.
    func apiEnvironment() -> APIEnvironment {
        let limits = configuration.current.limits
        return APIEnvironment(
            useCases: service, lists: updater, archive: archive, imports: lists.imports, batches: batches,
            changes: changes,
            devices: devices.map { [store] in
                DeviceAdministration(
                    registry: $0, queues: { id in try await store.queues(ofDevice: id) },
                    note: { device, queue, last in
                        try await store.note(
                            queue: queue, ofDevice: device.id, of: device.municipality, goesTo: last)
                    })
            }, counter: counter?.terminal, forms: forms, connections: connections, clock: clock, catalogue: catalogue,
            facts: { [configuration] in configuration.facts },
            pageTokens: PageTokens(secret: SystemRandomness().octets(32)),
            bodyLimits: BodyLimits(
                maximumSize: limits.requestSize, deadline: .seconds(Int64(limits.requestSeconds))))
    }
}

/// The keys of a platform, in files: created with the store, and never again silently.
struct PlatformKeys {
    let sealer: FileSerialSealer
    let signing: CheckpointSigning

    init(_ configuration: Configuration) throws {
        let folder = configuration.keyFolder
        // A store without its keys must not go on with new ones: sealed serials could never be opened again.
        let isNew = !FileManager.default.fileExists(atPath: configuration.storePath)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        sealer = try FileSerialSealer(path: folder + "/serials.key", whenMissing: isNew ? .create : .refuse)
        signing = CheckpointSigning(
            signer: try FileSigner(path: folder + "/audit.key", whenMissing: isNew ? .create(.ed25519) : .refuse),
            register: try CheckpointRegisterFiles(folder: folder + "/checkpoints"))
    }
}
