internal import Foundation
internal import PKIX

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

        mutating func append(_ octets: UnsafeRawBufferPointer) throws(FileFailure) {
            guard octets.count >= Writer.chunk else {
                pending.append(contentsOf: octets)
                if pending.count >= Writer.chunk { try flush() }
                return
            }
            try flush()
            try write(octets).get()
        }

        /// Piece by piece, so that the pages behind can go.
        mutating func append(_ octets: StoredOctets) throws(FileFailure) {
            var start = 0
            while start < octets.count {
                let end = min(octets.count, start + 4 * Writer.chunk)
                let written: Result<Void, FileFailure> = octets.withSpan { span in
                    span.extracting(start..<end).withUnsafeBytes { write($0) }
                }
                try written.get()
                octets.discard(start..<end)
                start = end
            }
        }

        mutating func flush() throws(FileFailure) {
            guard !pending.isEmpty else { return }
            let written = pending.withUnsafeBytes { write($0) }
            pending.removeAll(keepingCapacity: true)
            try written.get()
        }

        private func write(_ octets: UnsafeRawBufferPointer) -> Result<Void, FileFailure> {
            var offset = 0
            while offset < octets.count {
                let rest = UnsafeRawBufferPointer(rebasing: octets[offset...])
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return .failure(.last(.write, subject)) }
                // A short write is continued; one of nothing would go on for ever.
                guard count > 0 else { return .failure(FileFailure(.write, subject, code: 0)) }
                offset += count
            }
            return .success(())
        }
    }
}
