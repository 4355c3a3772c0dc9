import ConfigurationFiles
import Logging
import OutgoingHTTP
import PKIX
import RevocationIndexFiles
import SQLiteStore
import ServiceLifecycle
import StaffSignIn
import SystemClock
import UnixSignals
import Verification

/// What runs beside the listeners: start and stop on the audit trail, checkpoints, retention, SIGHUP, freed memory.
struct Housekeeping: Service {
    let platform: Platform

    func run() async throws {
        try await platform.note(
            .serviceStarted,
            details: [
                "build": BuildIdentity.build, "configuration_digest": platform.configuration.current.digest,
            ])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cancelWhenGracefulShutdown { await signCheckpoints() } }
            group.addTask { await cancelWhenGracefulShutdown { await purge() } }
            group.addTask { await cancelWhenGracefulShutdown { await reload() } }
            group.addTask { await cancelWhenGracefulShutdown { await FreedMemory.giveBackContinually() } }
        }
        try await platform.note(.serviceStopped)
        _ = try? await platform.store.signCheckpoint()
        await platform.outgoing.shutdown()
    }

    private func signCheckpoints() async {
        await platform.store.signCheckpoints(every: .seconds(60)) { outcome in
            guard case .failure(let error) = outcome else { return }
            platform.logger.error("checkpoint not signed", metadata: ["error": "\(error)"])
        }
    }

    private func purge() async {
        let identifiers = IdentifierSource(SystemRandomness())
        while (try? await Task.sleep(for: .seconds(3_600))) != nil {
            do {
                _ = try await platform.store.purge(
                    now: platform.clock.reading().now, requestID: identifiers.next(.request))
                try await purgeArchivedLists()
                try await platform.staff?.purge()
            } catch {
                platform.logger.error("retention not applied", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Lists that were superseded longer ago than `retention.archived_list_days`. Not by a clock that is not trusted:
    /// they cannot be fetched again.
    private func purgeArchivedLists() async throws {
        let reading = platform.clock.reading()
        guard reading.trust == .trusted else { return }
        let days = platform.configuration.current.retention.archivedListDays
        let before = reading.now.advanced(bySeconds: -Int64(days) * 86_400)
        let count = try await platform.lists.purge(supersededBefore: before)
        guard count > 0 else { return }
        try await platform.note(
            .recordsPurged,
            details: [
                "record_kind": "archived_list", "count": String(count), "superseded_before": before.description,
            ])
    }

    /// With the digest of the configuration that is in force after it.
    private func note(_ kind: AuditEvent.Kind) async {
        do {
            try await platform.note(
                kind, details: ["configuration_digest": platform.configuration.current.digest])
        } catch {
            platform.logger.error("not on the audit trail", metadata: ["event": "\(kind.rawValue)"])
        }
    }

    /// SIGHUP reads the configuration again.
    private func reload() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            do {
                try platform.configuration.reload()
                platform.logger.notice("configuration reloaded")
                await note(.configurationReloaded)
            } catch {
                let paths = error.problems.map(\.path).joined(separator: ", ")
                platform.logger.error("configuration refused", metadata: ["problems": "\(paths)"])
                await note(.configurationRefused)
            }
        }
    }
}
