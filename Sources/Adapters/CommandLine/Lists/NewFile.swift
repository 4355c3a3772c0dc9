import Glibc

/// A file could not be written; the system's error number.
struct WriteFailure: Error, CustomStringConvertible {
    let code: Int32

    var description: String { "cannot be written: \(String(cString: strerror(code)))" }
}

/// A file that appears whole under its name, or not at all.
struct NewFile {
    private let descriptor: Int32

    /// Writes beside `path`, flushes, and takes the name. What stood there before stays until then.
    static func write(_ path: String, _ body: (NewFile) throws -> Void) throws(WriteFailure) {
        let part = path + ".part"
        let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw WriteFailure(code: errno) }
        do {
            defer { close(descriptor) }
            try body(NewFile(descriptor: descriptor))
            guard fsync(descriptor) == 0 else { throw WriteFailure(code: errno) }
        } catch {
            unlink(part)
            throw error as? WriteFailure ?? WriteFailure(code: EIO)
        }
        guard rename(part, path) == 0 else {
            let failure = WriteFailure(code: errno)
            unlink(part)
            throw failure
        }
    }

    /// Writes all of `piece`.
    func append(_ piece: UnsafeRawBufferPointer) throws(WriteFailure) {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                throw WriteFailure(code: count == 0 ? ENOSPC : errno)
            }
        }
    }
}
