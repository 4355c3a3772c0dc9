package import BatchStatus
package import CounterService
package import HTTPSupport
package import JPKIProfile
package import MessageCatalogue
package import Organizations
package import RevocationUpdating
package import Verification
package import WireFormat

/// What the API knows of the configuration in force; one value, swapped as a whole.
package struct PlatformFacts: Sendable {
    package let directory: OrganizationDirectory
    package let trust: TrustSettings
    /// The id of the procedure of each purpose.
    package let procedureOfPurpose: [String: String]
    package let notices: [NoticeBody]
    package let configurationDigest: String
    package let trustListDigest: String
    /// Which program this is: version and build.
    package let build: String

    package init(
        directory: OrganizationDirectory,
        trust: TrustSettings,
        procedureOfPurpose: [String: String],
        notices: [NoticeBody],
        configurationDigest: String,
        trustListDigest: String,
        build: String
    ) {
        self.directory = directory
        self.trust = trust
        self.procedureOfPurpose = procedureOfPurpose
        self.notices = notices
        self.configurationDigest = configurationDigest
        self.trustListDigest = trustListDigest
        self.build = build
    }
}

/// Everything that the routes need.
package struct APIEnvironment: Sendable {
    package let useCases: any VerificationUseCases
    package let lists: any ListAdministration
    package let archive: any ArchiveAdministration
    package let imports: any ImportSpool
    package let batches: BatchService
    package let changes: ListChangeReporter
    /// Nil where no devices are configured: then there are no routes for them.
    package let devices: DeviceAdministration?
    /// Nil where no counter is configured: then there are no routes for it.
    package let counter: CounterTerminal?
    /// Nil: no 書かない窓口.
    package let forms: FormDesk?
    package let connections: ClientConnections
    package let clock: any TrustedClock
    package let catalogue: MessageStore
    /// Read anew for each request, so that a client that was revoked is refused on open connections too.
    package let facts: @Sendable () -> PlatformFacts
    package let pageTokens: PageTokens
    package let bodyLimits: BodyLimits

    package init(
        useCases: any VerificationUseCases,
        lists: any ListAdministration,
        archive: any ArchiveAdministration,
        imports: any ImportSpool,
        batches: BatchService,
        changes: ListChangeReporter,
        devices: DeviceAdministration? = nil,
        counter: CounterTerminal? = nil,
        forms: FormDesk? = nil,
        connections: ClientConnections = ClientConnections(),
        clock: any TrustedClock,
        catalogue: MessageStore,
        facts: @escaping @Sendable () -> PlatformFacts,
        pageTokens: PageTokens,
        bodyLimits: BodyLimits = BodyLimits()
    ) {
        self.useCases = useCases
        self.lists = lists
        (self.archive, self.imports) = (archive, imports)
        self.batches = batches
        self.changes = changes
        (self.devices, self.counter, self.connections) = (devices, counter, connections)
        self.forms = forms
        self.clock = clock
        self.catalogue = catalogue
        self.facts = facts
        self.pageTokens = pageTokens
        self.bodyLimits = bodyLimits
    }

    var composer: AnswerComposer { AnswerComposer(catalogue: catalogue) }
}
