internal import Glibc
internal import RevocationUpdating

/// One file of the spool that is being written. Its descriptor is closed with the last reference.
final class SpoolWriter: Sendable {
    enum Opening {
        /// A new file; one of this name is a failure.
        case new
        /// The file as it is, or a new one; nobody else may have it open so.
        case resumable
    }

    let path: String
    private let descriptor: Int32

    /// - Throws: ``CRLFetchFailure/spoolFailed`` also when somebody else is writing the file.
    init(_ path: String, _ opening: Opening) throws(CRLFetchFailure) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (opening == .new ? O_EXCL : 0)
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw SpoolWriter.failure() }
        if opening == .resumable, !SpoolWriter.isAlone(with: descriptor, at: path) {
            close(descriptor)
            throw .spoolFailed
        }
        (self.path, self.descriptor) = (path, descriptor)
    }

    /// Takes the lock, and looks whether the file still has its name: who finished it while we waited gave it
    /// another one, and it must not change any more.
    private static func isAlone(with descriptor: Int32, at path: String) -> Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev && opened.st_mode & S_IFMT == S_IFREG
    }

    deinit { close(descriptor) }

    /// Octets in the file.
    var size: Int {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }

    func truncate(to size: Int) throws(CRLFetchFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw SpoolWriter.failure() }
    }

    /// Writes all of `octets` from `offset` on.
    func write(_ octets: UnsafeRawBufferPointer, at offset: Int) throws(CRLFetchFailure) {
        var done = 0
        while done < octets.count {
            let count = pwrite(
                descriptor, octets.baseAddress.map { $0 + done }, octets.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SpoolWriter.failure() }
            done += count
        }
    }

    func write(_ octets: [UInt8], at offset: Int) throws(CRLFetchFailure) {
        try octets.withUnsafeBufferPointer { buffer throws(CRLFetchFailure) in
            try write(UnsafeRawBufferPointer(buffer), at: offset)
        }
    }

    /// What the error number of the call before says.
    private static func failure() -> CRLFetchFailure {
        errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? .spoolFull : .spoolFailed
    }
}
