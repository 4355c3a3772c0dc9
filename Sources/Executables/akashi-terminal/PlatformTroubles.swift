import Logging
import PlatformClient
import Synchronization

/// Tells the log why the platform is not used, once for each reason in a row: a page asks every few seconds.
final class PlatformTroubles: Sendable {
    private let logger: Logger
    private let last = Mutex("")

    init(_ logger: Logger) { self.logger = logger }

    func note(_ error: PlatformError) {
        let reason = error.reason
        let isNew = last.withLock { last in
            defer { last = reason }
            return last != reason
        }
        if isNew { logger.warning("the platform cannot be used", metadata: ["reason": .string(reason)]) }
    }
}
