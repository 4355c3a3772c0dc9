internal import BatchStatus
internal import Crypto
internal import Foundation
internal import Synchronization

/// An input while it arrives: a file under another name, which it gives up for its own when it is whole and durable.
final class IncomingFile: BatchSpool {
    private struct State {
        var hasher = SHA256()
        var size: Int64 = 0
        var isOpen = true
    }

    private let file: JobFile
    private let path: String
    private let finalPath: String
    private let folder: String
    private let state = Mutex(State())

    init(_ path: String, publishedAs finalPath: String, folder: String) throws(BatchFileError) {
        (self.path, self.finalPath, self.folder) = (path, finalPath, folder)
        file = try JobFile(path, O_WRONLY | O_CREAT | O_EXCL)
    }

    deinit { discard() }

    func append(_ octets: [UInt8]) throws(BatchFileError) {
        let offset = state.withLock { state in
            state.hasher.update(data: octets)
            defer { state.size += Int64(octets.count) }
            return state.size
        }
        try file.write(octets, at: offset)
    }

    func digest() -> [UInt8] { state.withLock { Array($0.hasher.finalize()) } }

    func publish() throws(BatchFileError) {
        try file.synchronize()
        // Never over another: ids are random, and a name that is taken is a fault.
        guard link(path, finalPath) == 0 else { throw .system() }
        unlink(path)
        state.withLock { $0.isOpen = false }
        try JobFile(folder, O_RDONLY | O_DIRECTORY).synchronize()
    }

    func discard() {
        let isOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        if isOpen { unlink(path) }
    }
}
