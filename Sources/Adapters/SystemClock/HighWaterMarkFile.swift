internal import Foundation
internal import PKIX

/// Why the file of the high-water mark cannot be used.
package enum ClockMarkError: Error, Hashable, Sendable {
    case malformed(String)
    case unwritable(String, reason: String)
}

extension ClockMarkError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let path): "\(path): no time in it; compare the clock and remove the file"
        case .unwritable(let path, let reason): "\(path): \(reason)"
        }
    }
}

/// One RFC 3339 time in a file.
struct HighWaterMarkFile: Sendable {
    let path: String

    /// Nil when there is no file.
    func read() throws(ClockMarkError) -> ValidationTime? {
        guard access(path, F_OK) == 0 else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 64,
            let mark = ValidationTime(rfc3339: String(decoding: data, as: UTF8.self).filter { !$0.isNewline })
        else { throw .malformed(path) }
        return mark
    }

    /// By a new file and a rename: after a crash the old or the new mark is there, never half of one.
    func write(_ mark: ValidationTime) throws(ClockMarkError) {
        let partial = "\(path).\(getpid()).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path, reason: String(cString: strerror(errno))) }
        let text = Array("\(mark)\n".utf8)
        let isWritten = Foundation.write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(partial, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(partial)
            throw .unwritable(path, reason: reason)
        }
    }
}
