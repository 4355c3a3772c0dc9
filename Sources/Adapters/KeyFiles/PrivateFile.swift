internal import Foundation

/// A small file that only its owner may see.
struct PrivateFile {
    static let sizeLimit = 1 << 20
    let path: String

    var exists: Bool { access(path, F_OK) == 0 }

    /// The octets; the mode is checked on the open file, so that no other one can be put in its place.
    func read() throws(KeyFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw errno == ENOENT ? .missing(path) : .unreadable(path, reason: lastError()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path, reason: lastError()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path) }
        let mode = UInt32(status.st_mode) & 0o777
        guard mode & 0o077 == 0 else { throw .openToOthers(path, mode: mode) }
        guard status.st_size <= PrivateFile.sizeLimit else { throw .malformed(path, reason: "too large") }
        return try readAll(descriptor)
    }

    private func readAll(_ descriptor: Int32) throws(KeyFileError) -> [UInt8] {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw .unreadable(path, reason: lastError()) }
            if count == 0 { return contents }
            contents += chunk.prefix(count)
            guard contents.count <= PrivateFile.sizeLimit else { throw .malformed(path, reason: "too large") }
        }
    }

    /// Makes the file with mode 0600, durably. Never over another.
    func create(_ contents: [UInt8]) throws(KeyFileError) {
        let partial = PrivateFile(path: "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial")
        try partial.write(contents)
        defer { unlink(partial.path) }
        guard link(partial.path, path) == 0 else {
            throw errno == EEXIST ? .exists(path) : .unreadable(path, reason: lastError())
        }
        try synchronizeDirectory()
    }

    /// Puts new contents in the place of the old ones in one step, durably.
    func replace(_ contents: [UInt8]) throws(KeyFileError) {
        let partial = PrivateFile(path: "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial")
        try partial.write(contents)
        guard rename(partial.path, path) == 0 else {
            let reason = lastError()
            unlink(partial.path)
            throw .unreadable(path, reason: reason)
        }
        try synchronizeDirectory()
    }

    private func write(_ contents: [UInt8]) throws(KeyFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unreadable(path, reason: lastError()) }
        defer { close(descriptor) }
        var rest = contents[...]
        while !rest.isEmpty {
            let written = Array(rest).withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw .unreadable(path, reason: lastError()) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw .unreadable(path, reason: lastError()) }
    }

    private func synchronizeDirectory() throws(KeyFileError) {
        let directory = URL(filePath: path).deletingLastPathComponent().path
        let descriptor = open(directory.isEmpty ? "." : directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path, reason: lastError()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unreadable(path, reason: lastError()) }
    }

    private func lastError() -> String { String(cString: strerror(errno)) }
}
