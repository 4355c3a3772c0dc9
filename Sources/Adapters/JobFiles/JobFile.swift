internal import BatchStatus
internal import Foundation

/// One open file, closed with its last use.
final class JobFile: Sendable {
    let descriptor: Int32
    private let owner: Owner

    /// Closes the descriptor unless it was taken away.
    private final class Owner: @unchecked Sendable {
        var descriptor: Int32?
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { if let descriptor { close(descriptor) } }
    }

    init(_ path: String, _ flags: Int32) throws(BatchFileError) {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system() }
        self.descriptor = descriptor
        owner = Owner(descriptor)
    }

    /// The descriptor, which then stays open.
    func take() -> Int32 {
        owner.descriptor = nil
        return descriptor
    }

    func size() throws(BatchFileError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system() }
        return Int64(status.st_size)
    }

    func synchronize() throws(BatchFileError) {
        guard fsync(descriptor) == 0 else { throw .system() }
    }

    /// Up to `count` octets; fewer only at the end of the file.
    func read(from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8] {
        var failure: BatchFileError?
        let octets = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = .system() }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return octets
    }

    func write(_ octets: [UInt8], at offset: Int64) throws(BatchFileError) {
        var written = 0
        while written < octets.count {
            let put = octets.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw .system() }
            written += put
        }
    }
}
