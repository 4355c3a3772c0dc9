import ConfigurationFiles
import HTTPAPI
import SQLiteStore
import Synchronization
import WireFormat

/// The configuration in force: read whole, checked whole, swapped whole.
final class ConfigurationBox: Sendable {
    let path: String
    private let held: Mutex<Configuration>

    init(path: String) throws(ConfigurationRefusal) {
        self.path = path
        held = Mutex(try ConfigurationFile.load(path))
    }

    /// - Parameter path: where `configuration` was read from.
    init(_ configuration: Configuration, path: String) {
        self.path = path
        held = Mutex(configuration)
    }

    var current: Configuration { held.withLock { $0 } }

    /// Reads the file again. A refused file changes nothing.
    ///
    /// Clients, procedures and notices take effect with the next request; listeners, store and list sources with the
    /// next start.
    func reload() throws(ConfigurationRefusal) {
        let next = try ConfigurationFile.load(path)
        try next.requireDeclared(build: BuildIdentity.build)
        held.withLock { $0 = next }
    }

    /// What the API knows of it.
    var facts: PlatformFacts {
        let current = current
        return PlatformFacts(
            directory: current.organizations, trust: current.trust, procedureOfPurpose: current.purposes,
            notices: current.notices.map { notice in
                NoticeBody(
                    id: notice.id, kind: notice.kind.rawValue, startsAt: notice.startsAt, endsAt: notice.endsAt,
                    messages: notice.texts)
            },
            configurationDigest: current.digest, trustListDigest: current.trustListDigest,
            build: BuildIdentity.build)
    }
}

extension Configuration {
    /// What this process runs with it.
    var node: NodeIdentity { NodeIdentity(build: BuildIdentity.build, self) }

    var retentionPolicy: RetentionPolicy {
        let days = Int64(retention.recordDays) * 86_400
        return RetentionPolicy(
            verifications: days, statusChecks: days, challenges: RetentionPolicy.standard.challenges)
    }
}
