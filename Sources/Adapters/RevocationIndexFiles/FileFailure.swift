internal import Foundation

/// A system call on the list folder that failed: which, on what, and why. Holds no path and no content.
package struct FileFailure: Error, Hashable, Sendable {
    /// The call, by its name in POSIX.
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case open, read, write, fsync, fchmod, close, rename, mmap, unlink, mkdir, fstat, flock, opendir, ftruncate
    }

    /// What the call was about.
    package enum Subject: String, Hashable, Sendable, CaseIterable {
        case folder, lock, format, manifest, list, image, spool
    }

    package let operation: Operation
    package let subject: Subject
    /// `errno` after the call; 0 when the call did less than it should without saying why.
    package let code: Int32

    package init(_ operation: Operation, _ subject: Subject, code: Int32) {
        (self.operation, self.subject, self.code) = (operation, subject, code)
    }

    /// Right after the call.
    static func last(_ operation: Operation, _ subject: Subject) -> FileFailure {
        FileFailure(operation, subject, code: errno)
    }
}

extension FileFailure: CustomStringConvertible {
    package var description: String {
        let reason = code == 0 ? "incomplete" : String(cString: strerror(code))
        return "list folder: \(operation) of \(subject): \(reason)"
    }
}
