internal import Foundation

/// A token that tests may lock, pull out and search.
package protocol TestToken: AnyObject {
    /// The module's file.
    var module: String { get }
    var label: String { get }
    var pin: String { get }
    /// Holds the PIN; mode 0600.
    var pinPath: String { get }
    /// What a process needs to find the token.
    var environment: [String: String] { get }
}

extension TestToken {
    /// The URI of a device's keys in this token.
    package func uri(object: String = "device", module: String? = nil, pin: String? = nil) -> String {
        "pkcs11:token=\(label);object=\(object)?module-path=\(module ?? self.module)&pin-source=\(pin ?? pinPath)"
    }

    /// What OpenSC's tool sees in the token.
    package func listing() throws -> String {
        try Tool.run(
            Tool.program("pkcs11-tool", package: "opensc"),
            ["--module", module, "--token-label", label, "--login", "--pin", pin, "--list-objects"], environment)
    }

    /// Ids of the private keys of this label in the token, and how each is kept.
    package func privateKeys(of object: String) throws -> [(id: String, access: String)] {
        var keys: [(id: String, access: String)] = []
        for text in try listing().components(separatedBy: "Private Key Object").dropFirst() {
            let own = text.components(separatedBy: "Public Key Object")[0]
            func field(_ name: String) -> String {
                own.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                    .first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }?
                    .trimmingCharacters(in: .whitespaces) ?? ""
            }
            guard field("label:") == object else { continue }
            keys.append((field("ID:"), field("Access:")))
        }
        return keys
    }
}

/// A token of SoftHSM. All of them are in one folder, since the library reads its configuration once in a process.
package final class SoftToken: TestToken {
    package let module: String
    package let label: String
    package let pin = String((0..<12).map { _ in "0123456789".randomElement() ?? "7" })
    package var pinPath: String { SoftToken.folder + "/\(label).pin" }
    package var environment: [String: String] { [:] }

    /// Removed with the process.
    package static let folder: String = {
        let folder = FileManager.default.temporaryDirectory.appending(path: "akashi-hsm-\(UUID().uuidString)").path
        atexit { try? FileManager.default.removeItem(atPath: SoftToken.folder) }
        return folder
    }()

    /// Where SoftHSM keeps its tokens.
    package static var tokens: String { folder + "/tokens" }

    private static let isConfigured: Bool = {
        let path = folder + "/softhsm2.conf"
        let text = "directories.tokendir = \(tokens)\nobjectstore.backend = file\nlog.level = ERROR\n"
        try? FileManager.default.createDirectory(atPath: tokens, withIntermediateDirectories: true)
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
        // For this process and those that it starts.
        return setenv("SOFTHSM2_CONF", path, 1) == 0
    }()

    package init() throws {
        label = "akashi-\(UInt32.random(in: 0...UInt32.max))"
        module = try Tool.library("softhsm/libsofthsm2.so", package: "softhsm2")
        guard SoftToken.isConfigured else { throw TokenFault("SoftHSM cannot be configured") }
        let before = try Set(FileManager.default.contentsOfDirectory(atPath: SoftToken.tokens))
        try Tool.run(
            Tool.program("softhsm2-util", package: "softhsm2"),
            ["--init-token", "--free", "--label", label, "--so-pin", "security-officer", "--pin", pin])
        let after = try Set(FileManager.default.contentsOfDirectory(atPath: SoftToken.tokens))
        guard let made = after.subtracting(before).first else { throw TokenFault("SoftHSM has made no token") }
        path = SoftToken.tokens + "/" + made
        try Tool.secret(pinPath, pin)
    }

    /// The token's own folder.
    package let path: String

    /// Pulls the token out.
    package func takeOut() throws {
        try FileManager.default.moveItem(atPath: path, toPath: SoftToken.folder + "/" + label)
    }

    package func putBack() throws {
        try FileManager.default.moveItem(atPath: SoftToken.folder + "/" + label, toPath: path)
    }
}
