import ConfigurationFiles
import Logging
import OutgoingHTTP
import SQLiteStore
import ServiceLifecycle
import SystemClock
import UnixSignals
import Verification

/// What runs beside the listeners: start and stop on the audit trail, checkpoints, retention, SIGHUP.
struct Housekeeping: Service {
    let platform: Platform

    func run() async throws {
        try await platform.note(
            .serviceStarted,
            details: [
                "build": BuildIdentity.version, "configuration_digest": platform.configuration.current.digest,
            ])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cancelWhenGracefulShutdown { await signCheckpoints() } }
            group.addTask { await cancelWhenGracefulShutdown { await purge() } }
            group.addTask { await cancelWhenGracefulShutdown { await reload() } }
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
            } catch {
                platform.logger.error("retention not applied", metadata: ["error": "\(error)"])
            }
        }
    }

    /// SIGHUP reads the configuration again.
    private func reload() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            do {
                try platform.configuration.reload()
                platform.logger.notice("configuration reloaded")
            } catch {
                let paths = error.problems.map(\.path).joined(separator: ", ")
                platform.logger.error("configuration refused", metadata: ["problems": "\(paths)"])
            }
        }
    }
}
