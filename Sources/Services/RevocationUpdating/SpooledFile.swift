internal import Synchronization

/// A downloaded file that is nobody's yet. The list store takes it over; otherwise it is removed with its last reference.
package final class SpooledFile: Sendable {
    /// A name that no other download gets, on the list store's file system.
    package let path: String
    private let remove: Mutex<(@Sendable () -> Void)?>

    /// - Parameter remove: deletes the file, when nobody has taken it.
    package init(path: String, remove: @escaping @Sendable () -> Void) {
        self.path = path
        self.remove = Mutex(remove)
    }

    deinit { remove.withLock { $0 }?() }

    /// Says that the file has another name and owner now.
    package func markTaken() { remove.withLock { $0 = nil } }
}

extension SpooledFile: Hashable {
    package static func == (left: SpooledFile, right: SpooledFile) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
