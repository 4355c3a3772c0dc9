internal import CertificateIssuing
internal import JPKIProfile
package import Organizations
internal import PKIX
package import SandboxAuthority

/// The scripted pass of the main job: a test resident's card and phone, over real HTTPS with client
/// certificates, against a running platform and its sandbox. The platform's clock is never moved.
package struct Demonstration: Sendable {
    /// What the audit trail says at the end: records, and whether the whole tree verifies.
    package struct AuditSummary: Sendable {
        package let records: Int
        package let isIntact: Bool

        package init(records: Int, isIntact: Bool) { (self.records, self.isIntact) = (records, isIntact) }
    }

    let sandbox: Sandbox
    let counter: PlatformSession
    let operators: PlatformSession
    let counterAvailability: DemonstrationCounter.Availability
    /// PEM file of who issued the servers' certificates.
    let authorities: String
    let audit: @Sendable () async throws -> AuditSummary

    /// - Parameters:
    ///   - baseURL: of the platform's API.
    ///   - counter: printers and staff, or why there are none.
    ///   - audit: verifies the platform's audit trail.
    package init(
        sandbox: Sandbox,
        folder: PlatformFolder,
        baseURL: String,
        counter: DemonstrationCounter.Availability,
        audit: @escaping @Sendable () async throws -> AuditSummary
    ) throws {
        self.sandbox = sandbox
        self.audit = audit
        counterAvailability = counter
        authorities = folder.path + "/tls/authority.pem"
        self.counter = try PlatformSession(.counterSystem, folder: folder, baseURL: baseURL)
        operators = try PlatformSession(.operatorConsole, folder: folder, baseURL: baseURL)
    }

    /// Where residents apply at the counter: 見本市.
    package static var municipality: MunicipalityCode { SandboxMunicipality.all[0].code }

    /// The municipality whose lists have only ever been stale: set this before the sandbox starts.
    package static let municipalityWithStaleLists = SandboxMunicipality.all[2].code.digits

    /// Runs every step in order and reports each as it ends. True when none failed; what was left out says so itself.
    package func run(_ report: (DemonstrationStep) -> Void) async throws -> Bool {
        var holds = true
        for step in steps {
            let clock = ContinuousClock()
            let start = clock.now
            let observation = try await step.body()
            let taken = clock.now - start
            let result = DemonstrationStep(
                name: step.name,
                title: step.title,
                outcome: observation.outcome,
                facts: observation.facts,
                milliseconds: taken.components.seconds * 1_000 + taken.components.attoseconds / 1_000_000_000_000_000
            )
            holds = holds && !result.isFailed
            report(result)
        }
        await counter.close()
        await operators.close()
        return holds
    }

    struct Step: Sendable {
        let name: String
        let title: String
        let body: @Sendable () async throws -> Observation
    }

    /// What one step saw and what it had to see.
    struct Observation: Sendable {
        struct Expectation: Sendable {
            let text: String
            let isMet: Bool
        }

        var facts: [(name: String, value: String)] = []
        var expectations: [Expectation] = []
        /// Why nothing was done, where something is not installed.
        var leftOut: String?

        var outcome: DemonstrationStep.Outcome {
            if let leftOut { return .leftOut(why: leftOut) }
            return expectations.first { !$0.isMet }.map { .failed(expected: $0.text) } ?? .held
        }

        mutating func expect(_ text: String, _ isMet: Bool) {
            expectations.append(Expectation(text: text, isMet: isMet))
        }
    }
}
