internal import Foundation
internal import PKIX

extension ConfigurationSection {
    func listeners() -> ListenerSettings? {
        defer { finish() }
        let api = section("api")?.apiListener()
        let admin = section("admin")?.adminListener()
        guard let api, let admin else { return nil }
        return ListenerSettings(api: api, admin: admin)
    }

    private func apiListener() -> APIListenerSettings? {
        defer { finish() }
        let address = optionalText("address") ?? "127.0.0.1"
        let port = integer("port", in: 0...65_535, default: 8_443)
        let chain = pemFile("certificate_chain", holding: ["CERTIFICATE"])
        let key = pemFile("private_key", holding: ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"])
        if let key { checkSecret(key, at: "private_key") }
        let authorities = pemFile("client_authorities", holding: ["CERTIFICATE"])
        guard let chain, let key, let authorities else { return nil }
        return APIListenerSettings(
            address: address, port: port, certificateChain: chain, privateKey: key, clientAuthorities: authorities)
    }

    private func adminListener() -> AdminListenerSettings? {
        defer { finish() }
        let socket = optionalFilePath("socket")
        let address = optionalText("address")
        let port = integer("port", in: 0...65_535, default: 9_443)
        if let socket {
            if address != nil || node("port") != nil { note("excludes address and port", at: "socket") }
            return .unixSocket(path: socket)
        }
        let host = address ?? "127.0.0.1"
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            note("must be a loopback address, or use socket", at: "address")
            return nil
        }
        return .loopback(address: host, port: port)
    }

    /// The path of a file with at least one PEM block of one of `labels`.
    private func pemFile(_ key: String, holding labels: Set<String>) -> String? {
        guard let (path, octets) = contents(key) else { return nil }
        let blocks = PEM.blocks(in: String(decoding: octets, as: UTF8.self))
        guard blocks.contains(where: { labels.contains($0.label) }) else {
            note("names a file without a PEM block of \(labels.sorted().joined(separator: " or "))", at: key)
            return nil
        }
        return path
    }

    /// A private key is not for every user of the machine to read.
    private func checkSecret(_ path: String, at key: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = attributes?[.posixPermissions] as? Int, mode & 0o007 != 0 else { return }
        note("names a private key that every user can read or change: chmod o-rwx", at: key)
    }
}
