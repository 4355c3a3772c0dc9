internal import Foundation

/// The one writer of a list folder, for as long as this value is held. The system lets go of it when the process ends,
/// however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``ListFolderError/inUse(path:process:)`` at once when another process holds it.
    init(_ path: String, folder: String) throws(ListFolderError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(.last(.open, .lock)) }
        self.descriptor = descriptor
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = FileFailure.last(.flock, .lock)
            guard failure.code == EWOULDBLOCK else { throw .failed(failure) }
            throw .inUse(path: folder, process: FolderLock.holder(descriptor))
        }
        // For the one who is refused; nothing depends on it.
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { throw .failed(.last(.ftruncate, .lock)) }
        guard pwrite(descriptor, text, text.count, 0) == text.count else { throw .failed(.last(.write, .lock)) }
    }

    deinit { _ = close(descriptor) }

    private static func holder(_ descriptor: Int32) -> Int? {
        var octets = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &octets, octets.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: octets.prefix(count), as: UTF8.self).prefix { $0 != "\n" })
    }
}
