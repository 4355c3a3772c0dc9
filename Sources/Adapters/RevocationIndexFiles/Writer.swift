internal import Foundation

extension DurableFile {
    /// Octets on their way into a new file of the owner alone.
    struct Writer {
        private static let chunk = 262_144

        private let descriptor: Int32
        private let subject: FileFailure.Subject
        private var pending: [UInt8] = []

        init(_ path: String, _ subject: FileFailure.Subject) throws(FileFailure) {
            // A left-over of an earlier attempt; the folder has one writer.
            unlink(path)
            descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .last(.open, subject) }
            self.subject = subject
        }

        /// Writes what is left, flushes and closes the file.
        consuming func finish() throws(FileFailure) {
            guard fsync(descriptor) == 0 else {
                let failure = FileFailure.last(.fsync, subject)
                _ = close(descriptor)
                throw failure
            }
            guard close(descriptor) == 0 else { throw .last(.close, subject) }
        }

        consuming func abandon() { _ = close(descriptor) }

        mutating func append(_ octets: some Collection<UInt8>) throws(FileFailure) {
            pending.append(contentsOf: octets)
            if pending.count >= Writer.chunk { try flush() }
        }

        mutating func append(_ octets: Span<UInt8>) throws(FileFailure) {
            if octets.count < Writer.chunk {
                octets.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
                if pending.count >= Writer.chunk { try flush() }
            } else {
                try flush()
                try write(octets)
            }
        }

        mutating func flush() throws(FileFailure) {
            guard !pending.isEmpty else { return }
            try write(pending.span)
            pending.removeAll(keepingCapacity: true)
        }

        private func write(_ octets: Span<UInt8>) throws(FileFailure) {
            let outcome: Result<Void, FileFailure> = octets.withUnsafeBytes { bytes in
                var offset = 0
                while offset < bytes.count {
                    let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
                    let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    guard count >= 0 else { return .failure(.last(.write, subject)) }
                    // A short write is continued; one of nothing would go on for ever.
                    guard count > 0 else { return .failure(FileFailure(.write, subject, code: 0)) }
                    offset += count
                }
                return .success(())
            }
            try outcome.get()
        }
    }
}
