internal import Foundation

/// Files as the operating system sees them: made for the owner alone, never over another, durable when said so.
enum StoreFile {
    /// Makes an empty file with mode 0600.
    static func create(_ path: String) throws(StoreOpeningError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw errno == EEXIST ? .fileExists : .unreadable(lastError()) }
        close(descriptor)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Refuses a file that is not regular, or that others than its owner may read or write.
    static func requirePrivate(_ path: String) throws(StoreOpeningError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw errno == ENOENT ? .fileMissing : .unreadable(lastError()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAStore }
        let mode = UInt32(status.st_mode) & 0o777
        guard mode & 0o077 == 0 else { throw .openToOthers(mode: mode) }
    }

    /// Writes what the system still holds of a file to the disk.
    static func synchronize(_ path: String) throws(StoreOpeningError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(lastError()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unreadable(lastError()) }
    }

    /// Gives a finished file its name, unless the name is taken, and makes the name durable.
    static func publish(_ partial: String, as path: String) throws(StoreOpeningError) {
        try synchronize(partial)
        guard link(partial, path) == 0 else { throw errno == EEXIST ? .fileExists : .unreadable(lastError()) }
        unlink(partial)
        try synchronize(directory(of: path))
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    static func directory(of path: String) -> String {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        return folder.isEmpty ? "." : folder
    }

    static func lastError() -> String { String(cString: strerror(errno)) }
}
