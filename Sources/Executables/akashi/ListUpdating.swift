import Logging
import RevocationIndexFiles
import RevocationUpdating
import SQLiteStore
import ServiceLifecycle

/// Fetching of lists, once those of an earlier program have been taken over.
struct ListUpdating: Service {
    let platform: Platform

    func run() async throws {
        try await platform.takeOverFormerLists()
        try await platform.updater.run()
    }
}

extension Platform {
    /// Lists that an earlier program kept in the store become files, one after the other. A list is deleted from the
    /// store when its file is durable, so that a crash in between costs nothing but doing it again.
    func takeOverFormerLists() async throws {
        while let list = try await store.nextFormerList() {
            if let der = list.der {
                try await lists.takeOver(der, of: list.mark, fetchedAt: list.fetchedAt)
            } else {
                logger.error("A list of the former store was damaged", metadata: ["source": "\(list.mark.sourceID)"])
            }
            try await store.forget(list)
            logger.notice("A list has moved from the store to a file", metadata: ["source": "\(list.mark.sourceID)"])
        }
    }
}
