internal import Crypto
internal import Foundation
internal import PKIX
internal import Verification

/// Keeps the last signed note of each log in a folder beside the log's key: one file a log, changed under a lock.
///
/// It belongs to the key, not to the store: whoever copies the key to another
/// machine must take the folder along, and leave it behind on none.
package struct CheckpointRegisterFiles: CheckpointRegister {
    private let folder: String

    /// - Parameter folder: made with mode 0700 when it is not there.
    package init(folder: String) throws(KeyFileError) {
        self.folder = folder
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .unreadable(folder, reason: String(cString: strerror(errno)))
        }
    }

    package func lastNote(of origin: String) throws -> String? {
        let file = file(of: origin)
        return file.exists ? String(decoding: try file.read(), as: UTF8.self) : nil
    }

    package func replace(_ expected: String?, with note: String, of origin: String) throws -> Bool {
        let file = file(of: origin)
        let descriptor = open(file.path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw KeyFileError.unreadable(file.path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        // Released by close, also when the process dies.
        guard flock(descriptor, LOCK_EX) == 0 else {
            throw KeyFileError.unreadable(file.path, reason: String(cString: strerror(errno)))
        }
        guard try lastNote(of: origin) == expected else { return false }
        try file.replace(Array(note.utf8))
        return true
    }

    private func file(of origin: String) -> PrivateFile {
        let name = Array(SHA256.hash(data: Array(origin.utf8)).prefix(16)).hexString.lowercased()
        return PrivateFile(path: "\(folder)/\(name).checkpoint")
    }
}
