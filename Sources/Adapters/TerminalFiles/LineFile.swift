internal import Foundation
internal import Synchronization
package import TerminalSession

/// That the line was found cut, as the time of a file: so that one command of the device learns it from another.
package final class LineFile: LineMemory {
    private let path: String
    private let memory: Duration
    /// Where the file could not be written, this process alone remembers.
    private let unwritten = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter memory: after so long the line is tried again.
    package init(_ path: String, memory: Duration = .seconds(10)) { (self.path, self.memory) = (path, memory) }

    package var isCut: Bool {
        if let since = unwritten.withLock({ $0 }), ContinuousClock.now - since < memory { return true }
        var (status, now) = (stat(), timespec())
        guard stat(path, &status) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
        let age =
            Duration.seconds(now.tv_sec - status.st_mtim.tv_sec)
            + .nanoseconds(now.tv_nsec - status.st_mtim.tv_nsec)
        // A clock that was set back says nothing.
        return .zero <= age && age < memory
    }

    package func note(_ state: LineState) {
        switch state {
        case .up:
            unwritten.withLock { $0 = nil }
            unlink(path)
        case .cut:
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            let isWritten = descriptor >= 0 && futimens(descriptor, nil) == 0
            if descriptor >= 0 { close(descriptor) }
            unwritten.withLock { $0 = isWritten ? nil : .now }
        }
    }
}
