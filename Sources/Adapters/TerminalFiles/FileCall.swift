internal import Foundation

/// Why a file of the terminal could not be read or written.
package enum TerminalFileError: Error, Hashable, Sendable {
    /// No space left, or the size that this program allows is reached.
    case full
    /// A call failed; its name and the system's word.
    case failed(call: String, code: Int32)
    /// The contents are not what this program wrote.
    case damaged(String)
    /// The device's key, which need not be a file, does not sign.
    case keyUnavailable

    static func last(_ call: String) -> TerminalFileError {
        let code = errno
        return [ENOSPC, EDQUOT, EFBIG].contains(code) ? .full : .failed(call: call, code: code)
    }
}

/// Files of the owner alone, written so that they are there whole or not at all.
enum OwnFile {
    /// Puts `contents` in the place of what is there, in one step and durably.
    static func replace(_ path: String, _ contents: [UInt8]) throws(TerminalFileError) {
        let partial = "\(path).\(getpid()).partial"
        unlink(partial)
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last("open") }
        do throws(TerminalFileError) {
            defer { close(descriptor) }
            try write(contents, to: descriptor, at: 0)
            guard fsync(descriptor) == 0 else { throw .last("fsync") }
        } catch {
            unlink(partial)
            throw error
        }
        guard rename(partial, path) == 0 else {
            let error = TerminalFileError.last("rename")
            unlink(partial)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    static func write(_ octets: [UInt8], to descriptor: Int32, at offset: Int) throws(TerminalFileError) {
        var done = 0
        while done < octets.count {
            let count = octets.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .last("write") }
            done += count
        }
    }

    /// The octets from `offset` to the end; nil when there is no file.
    static func read(_ path: String, limit: Int) throws(TerminalFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        return try read(descriptor, from: 0, limit: limit)
    }

    static func read(_ descriptor: Int32, from offset: Int, limit: Int) throws(TerminalFileError) -> [UInt8] {
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(offset + octets.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last("read") }
            if count == 0 { return octets }
            octets += chunk.prefix(count)
            guard octets.count <= limit else { throw .full }
        }
    }

    /// The octets of a span; fewer when the file ends before it does.
    static func read(_ descriptor: Int32, from start: Int, to end: Int) throws(TerminalFileError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: max(end - start, 0))
        var done = 0
        while done < octets.count {
            let count = octets.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(start + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last("read") }
            if count == 0 { return Array(octets.prefix(done)) }
            done += count
        }
        return octets
    }

    static func remove(_ path: String) throws(TerminalFileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .last("unlink") }
        try synchronizeFolder(of: path)
    }

    static func makeFolder(_ path: String) throws(TerminalFileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last("mkdir") }
        try synchronizeFolder(of: path)
    }

    static func synchronizeFolder(of path: String) throws(TerminalFileError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last("fsync") }
    }
}

/// Holds a lock of this machine on a file while it lives: one process at a time changes the queue.
final class FileLock {
    private let descriptor: Int32

    init(_ path: String) throws(TerminalFileError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last("open") }
        while flock(descriptor, LOCK_EX) != 0 {
            // What was opened is closed with the half-made lock.
            guard errno == EINTR else { throw .last("flock") }
        }
    }

    deinit { close(descriptor) }
}
