package import BatchStatus
internal import Crypto
internal import Foundation
internal import Synchronization

/// Inputs and results of bulk jobs, in a folder that is the owner's alone.
///
/// `{id}.input` and `{id}.result`, mode 0600; `{id}.incoming` while an input arrives; `.lock` is held by the
/// process that runs the jobs. Their names are random ids: nothing of a line stands in one.
package final class JobFolder: BatchFiles {
    package let executor: any TaskExecutor
    private let folder: String
    private let lock = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - folder: made with mode 0700 when it is not there; its parent must be.
    ///   - threads: that work on the files.
    package init(_ folder: String, threads: Int) throws(BatchFileError) {
        self.folder = folder
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST, chmod(folder, 0o700) == 0 else { throw .system() }
        executor = WorkerThreads(count: threads)
    }

    deinit { release() }

    package func claim() throws(BatchFileError) -> Bool {
        do {
            return try lock.withLock { held in
                if held != nil { return true }
                let file = try JobFile(folder + "/.lock", O_RDWR | O_CREAT)
                // Released when the process ends, however it ends.
                guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                    guard errno == EWOULDBLOCK else { throw BatchFileError.system() }
                    return false
                }
                held = file.take()
                return true
            }
        } catch let error as BatchFileError {
            throw error
        } catch {
            throw .unavailable(reason: "\(type(of: error))")
        }
    }

    package func release() {
        lock.withLock { held in
            if let descriptor = held { close(descriptor) }
            held = nil
        }
    }

    private func path(_ id: String, _ part: Part) -> String { "\(folder)/\(id).\(part.rawValue)" }

    enum Part: String, CaseIterable {
        case input
        case result
        case incoming
    }

    // MARK: Input

    package func spool(_ jobID: String) throws(BatchFileError) -> any BatchSpool {
        try IncomingFile(path(jobID, .incoming), publishedAs: path(jobID, .input), folder: folder)
    }

    package func input(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8] {
        try JobFile(path(jobID, .input), O_RDONLY).read(from: offset, count: count)
    }

    package func inputSize(_ jobID: String) throws(BatchFileError) -> Int64 {
        try JobFile(path(jobID, .input), O_RDONLY).size()
    }

    package func removeInput(_ jobID: String) { unlink(path(jobID, .input)) }

    // MARK: Result

    package func truncateResult(_ jobID: String, to size: Int64) throws(BatchFileError) {
        let file = try JobFile(path(jobID, .result), O_RDWR | O_CREAT)
        guard try file.size() >= size else { throw .damaged }
        guard ftruncate(file.descriptor, off_t(size)) == 0 else { throw .system() }
        try file.synchronize()
        try JobFile(folder, O_RDONLY | O_DIRECTORY).synchronize()
    }

    package func appendResult(_ jobID: String, _ octets: [UInt8], at offset: Int64) throws(BatchFileError) {
        try JobFile(path(jobID, .result), O_WRONLY).write(octets, at: offset)
    }

    package func synchronizeResult(_ jobID: String) throws(BatchFileError) {
        try JobFile(path(jobID, .result), O_WRONLY).synchronize()
    }

    package func resultDigest(_ jobID: String) throws(BatchFileError) -> [UInt8] {
        let file = try JobFile(path(jobID, .result), O_RDONLY)
        var hasher = SHA256()
        var offset: Int64 = 0
        while true {
            let octets = try file.read(from: offset, count: 1 << 18)
            guard !octets.isEmpty else { return Array(hasher.finalize()) }
            hasher.update(data: octets)
            offset += Int64(octets.count)
        }
    }

    package func result(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8] {
        try JobFile(path(jobID, .result), O_RDONLY).read(from: offset, count: count)
    }

    package func resultSize(_ jobID: String) throws(BatchFileError) -> Int64 {
        try JobFile(path(jobID, .result), O_RDONLY).size()
    }

    // MARK: Deletion

    package func remove(_ jobID: String) {
        for part in [Part.result, .input] { unlink(path(jobID, part)) }
    }

    package func jobIDs() throws(BatchFileError) -> [String] {
        Array(Set(try names().filter { $0.part != .incoming }.map(\.id))).sorted()
    }

    package func sweepSpools(olderThan seconds: Int64) {
        for name in (try? names()) ?? [] where name.part == .incoming {
            var status = stat()
            let path = path(name.id, .incoming)
            guard stat(path, &status) == 0, Int64(time(nil)) - Int64(status.st_mtim.tv_sec) > seconds else { continue }
            unlink(path)
        }
    }

    private func names() throws(BatchFileError) -> [(id: String, part: Part)] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { throw .system() }
        return names.compactMap { name in
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
                let part = Part(rawValue: String(name[name.index(after: dot)...]))
            else { return nil }
            return (String(name[..<dot]), part)
        }
    }
}

extension BatchFileError {
    /// What the system says of its last call.
    static func system() -> BatchFileError {
        errno == ENOENT ? .missing : .unavailable(reason: String(cString: strerror(errno)))
    }
}
