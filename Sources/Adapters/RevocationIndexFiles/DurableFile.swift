internal import Foundation

/// Files that are there whole or not at all: written under another name, flushed, renamed, and the folder flushed.
///
/// Nothing is retried after a failed flush: what the system then has of the file is unknown, so it is thrown away.
enum DurableFile {
    /// What a file is called until it is whole. Left-overs are removed at the next start.
    static let partialSuffix = ".partial"

    /// Writes the file at `path` through `body` and flushes it. It has its name when this returns; the name is
    /// durable after ``synchronizeFolder(_:)``.
    static func create(
        _ path: String,
        _ subject: FileFailure.Subject,
        _ body: (inout Writer) throws(FileFailure) -> Void
    ) throws(FileFailure) {
        let partial = path + partialSuffix
        do throws(FileFailure) {
            var writer = try Writer(partial, subject)
            do throws(FileFailure) {
                try body(&writer)
                try writer.flush()
            } catch {
                writer.abandon()
                throw error
            }
            try writer.finish()
            try rename(partial, to: path, subject)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Takes a file that another program part has written, such as a download, under the name `path`.
    static func adopt(
        _ spool: String,
        as path: String,
        _ subject: FileFailure.Subject
    ) throws(FileFailure) {
        let descriptor = open(spool, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last(.open, .spool) }
        // Whoever wrote it: the store's files are the owner's alone.
        let failure: FileFailure? =
            if fchmod(descriptor, 0o600) != 0 {
                .last(.fchmod, .spool)
            } else if fsync(descriptor) != 0 {
                .last(.fsync, .spool)
            } else {
                nil
            }
        if let failure {
            _ = close(descriptor)
            throw failure
        }
        guard close(descriptor) == 0 else { throw .last(.close, .spool) }
        try rename(spool, to: path, subject)
    }

    static func rename(_ source: String, to target: String, _ subject: FileFailure.Subject) throws(FileFailure) {
        guard Foundation.rename(source, target) == 0 else { throw .last(.rename, subject) }
    }

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(.open, .folder) }
        let result = fsync(descriptor)
        let code = errno
        _ = close(descriptor)
        guard result == 0 else { throw FileFailure(.fsync, .folder, code: code) }
    }

    /// Makes a folder of the owner alone unless it is there.
    static func makeFolder(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last(.mkdir, .folder) }
    }

    /// Reads a small file whole; nil when there is none. More than `limit` octets are a failure.
    static func read(
        _ path: String,
        _ subject: FileFailure.Subject,
        limit: Int
    ) throws(FileFailure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .last(.open, subject) }
        defer { _ = close(descriptor) }
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last(.read, subject) }
            if count == 0 { return octets }
            octets.append(contentsOf: chunk.prefix(count))
            guard octets.count <= limit else { throw FileFailure(.read, subject, code: EFBIG) }
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file. One that is not there is removed already.
    static func remove(_ path: String, _ subject: FileFailure.Subject) throws(FileFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .last(.unlink, subject) }
    }

    /// The names in a folder; empty when there is no such folder.
    static func names(in path: String) throws(FileFailure) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw .last(.opendir, .folder)
        }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .last(.read, .folder) }
        return names.sorted()
    }
}
