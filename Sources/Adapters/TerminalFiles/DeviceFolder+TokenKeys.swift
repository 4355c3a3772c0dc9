internal import Foundation
internal import PKIX

/// A device whose key is in a token has the key's URI where the key would stand: a line of its own, which every reader of
/// PEM passes over.
extension DeviceFolder {
    private var formerKeysPath: String { path + "/former.keys" }
    /// Exists once a token has refused the PIN, until an operator removes it.
    package var pinRefusalPath: String { path + "/pin-refused" }

    /// The URI of the identity's key; nil when the key itself is in the file.
    package func identityKeyURI() throws(TerminalFileError) -> String? { try uris(in: identityPath).first }

    /// The URI of the pending key; nil when the key itself is in the file.
    package func pendingKeyURI() throws(TerminalFileError) -> String? { try uris(in: pendingKeyPath).first }

    /// Keeps the URI of a key before it is made, so that it is found again whatever happens.
    package func write(pendingKeyURI uri: String) throws(TerminalFileError) {
        try OwnFile.replace(pendingKeyPath, Array((uri + "\n").utf8))
    }

    /// The public key of the identity's certificate, DER.
    package func identityPublicKey() throws(TerminalFileError) -> [UInt8] {
        let text = String(decoding: try OwnFile.read(identityPath, limit: 65_536) ?? [], as: UTF8.self)
        guard let block = PEM.blocks(in: text).first(where: { $0.label == "CERTIFICATE" }),
            let certificate = try? Certificate(der: block.bytes)
        else { throw .damaged("identity.pem") }
        return Array(certificate.subjectPublicKeyInfo.encoding)
    }

    // MARK: Keys that were renewed

    package var hasFormerKeys: Bool { access(formerKeysPath, F_OK) == 0 }

    /// URIs of keys to be destroyed once the platform has seen the identity's. Never that of the identity.
    package func formerKeyURIs() throws(TerminalFileError) -> [String] {
        let present = try identityKeyURI()
        return try uris(in: formerKeysPath).filter { $0 != present }
    }

    package func forgetFormerKeys() throws(TerminalFileError) { try OwnFile.remove(formerKeysPath) }

    /// Notes the identity's key before another takes its place.
    func keepFormerKey() throws(TerminalFileError) {
        guard let uri = try identityKeyURI() else { return }
        let known = try uris(in: formerKeysPath)
        guard !known.contains(uri) else { return }
        try OwnFile.replace(formerKeysPath, Array(((known + [uri]).joined(separator: "\n") + "\n").utf8))
    }

    /// Runs `body` while no other process does the same in this folder.
    package func alone<Value>(_ body: () throws -> Value) throws -> Value {
        let lock = try FileLock(path + "/keys.lock")
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    private func uris(in file: String) throws(TerminalFileError) -> [String] {
        guard let octets = try OwnFile.read(file, limit: 65_536) else { return [] }
        return String(decoding: octets, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { $0.hasPrefix("pkcs11:") }.map(String.init)
    }
}
