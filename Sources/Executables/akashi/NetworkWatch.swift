import Logging
import NetworkLinks
import RevocationUpdating
import ServiceLifecycle

/// Asks every list source as soon as the network is back, instead of when its pause is over.
struct NetworkWatch: Service {
    let updater: RevocationUpdater
    let logger: Logger

    /// A link is followed by its address and its route.
    private static let settling = Duration.seconds(2)

    func run() async throws {
        let monitor: NetworkLinkMonitor
        do throws(NetworkLinkMonitor.Failure) {
            monitor = try NetworkLinkMonitor()
        } catch {
            logger.notice(
                "The network is not watched; list sources are asked on schedule alone",
                metadata: ["call": "\(error.call)", "number": "\(error.number)"])
            try await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            for await event in monitor.events() {
                try? await Task.sleep(for: NetworkWatch.settling)
                guard !Task.isCancelled else { return }
                logger.info("The network came up: list sources are asked", metadata: ["event": "\(event.rawValue)"])
                await updater.expediteAll()
            }
        }
    }
}
