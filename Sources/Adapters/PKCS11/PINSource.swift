internal import Foundation
package import ProtectedMemory

/// Where the token's PIN is read from, each time that it is needed: never from an argument or the environment.
package enum PINSource: Hashable, Sendable {
    /// A file of the owner alone; absolute.
    case file(String)
    /// A credential of the service, as systemd gives it (`LoadCredential=`): a name under `$CREDENTIALS_DIRECTORY`.
    case credential(String)

    /// - Parameter text: an absolute path, `file:` with one, or `credential:` with a name. `|command` (RFC 7512 §2.4)
    ///   is refused.
    init(_ text: String) throws(TokenError) {
        if text.hasPrefix("credential:") {
            let name = String(text.dropFirst(11))
            guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
                throw .uri("pin-source names no credential")
            }
            self = .credential(name)
            return
        }
        var path = Substring(text)
        if path.hasPrefix("file:") { path = path.dropFirst(5) }
        if path.hasPrefix("///") { path = path.dropFirst(2) }
        guard path.hasPrefix("/"), !path.hasPrefix("//") else {
            throw .uri("pin-source is neither an absolute path, file: nor credential:")
        }
        self = .file(String(path))
    }

    var text: String {
        switch self {
        case .file(let path): "file:" + path
        case .credential(let name): "credential:" + name
        }
    }

    /// Octets of the longest PIN.
    package static let longest = 255

    /// The PIN, without the end of its line.
    package func read() throws(TokenError) -> ProtectedOctets {
        let path: String
        // systemd lets a service's user in by an access control list, which shows as the group's bits.
        let foreign: mode_t
        switch self {
        case .file(let file): (path, foreign) = (file, 0o077)
        case .credential(let name):
            guard let folder = getenv("CREDENTIALS_DIRECTORY").map({ String(cString: $0) }), folder.hasPrefix("/")
            else {
                throw .pinUnreadable(name, reason: "systemd has given no credentials to this process")
            }
            (path, foreign) = (folder + "/" + name, 0o037)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw .pinUnreadable(path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .pinUnreadable(path, reason: "not a regular file")
        }
        guard status.st_mode & foreign == 0 else {
            throw .pinUnreadable(path, reason: "its mode lets others in: chmod 600")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .pinUnreadable(path, reason: "it belongs to another user")
        }
        do throws(SecretLine.Failure) {
            let pin = try SecretLine.read(from: descriptor, capacity: PINSource.longest + 1)
            guard pin.count > 0 else { throw SecretLine.Failure.ended }
            guard pin.count <= PINSource.longest else {
                throw SecretLine.Failure.memory(.noMemory)
            }
            return pin
        } catch {
            switch error {
            case .ended, .noTerminal: throw .pinUnreadable(path, reason: "nothing is in it")
            case .memory(.notLocked): throw .pinUnreadable(path, reason: "no memory can be locked for it")
            case .memory(.noMemory): throw .pinUnreadable(path, reason: "too long, or no memory")
            }
        }
    }
}

/// Remembers on the disk that a token has refused the PIN. Whoever starts next, by a timer perhaps, leaves the token
/// alone: it would lock after a few tries. An operator removes the file when the PIN is right again.
package struct PINRefusalMark: Hashable, Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    var isSet: Bool { access(path, F_OK) == 0 }

    func set() {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
