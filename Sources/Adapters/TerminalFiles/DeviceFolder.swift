internal import Foundation
package import OfflineEvidence
internal import PKIX
internal import SignatureAlgorithms
package import Verification
package import WireFormat

/// The folder of an enrolled device: identity, platform and queue. Nothing of any person is in it in the clear.
///
/// - `identity.pem`: the client certificate and its key, or the URI of its key in a token; mode 0600, replaced in one step
/// - `authority.pem`: who may have issued the platform's certificate
/// - `device.json`: which device of which terminal this is, and the key to seal to
/// - `pending.key`: the key, or its URI, of a request that has no answer yet
/// - `former.keys`: URIs of keys that have been renewed and are still in the token
/// - `queue/`: sealed records
/// - `line-cut`: there and young when the platform was last found out of reach
/// - `clock`: the latest time that the device has seen
package struct DeviceFolder: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var identityPath: String { path + "/identity.pem" }
    package var authorityPath: String { path + "/authority.pem" }
    package var pendingKeyPath: String { path + "/pending.key" }
    package var queuePath: String { path + "/queue" }
    package var linePath: String { path + "/line-cut" }
    package var clockPath: String { path + "/clock" }
    private var descriptionPath: String { path + "/device.json" }

    /// What `device.json` holds.
    package struct Description: Codable, Hashable, Sendable {
        package var formatVersion: Int
        /// The API's URL.
        package var platform: String
        package var environment: String
        package var municipality: String
        package var site: String
        package var terminal: String
        package var device: String
        package var sealingKeyID: String
        /// Base64.
        package var sealingKey: String
        package var notAfter: Int64
        package var renewAfter: Int64

        enum CodingKeys: String, CodingKey {
            case platform, environment, municipality, site, terminal, device
            case formatVersion = "format_version"
            case sealingKeyID = "sealing_key_id"
            case sealingKey = "sealing_key"
            case notAfter = "not_after"
            case renewAfter = "renew_after"
        }

        package var origin: RecordOrigin? {
            RecordOrigin(
                environment: environment, municipality: municipality, site: site, terminal: terminal, device: device)
        }

        package var centreKey: SealingKey? {
            decodeBase64(sealingKey).map { SealingKey(id: sealingKeyID, publicKey: $0) }
        }
    }

    package static let formatVersion = 1

    /// Makes the folder, for the owner alone.
    package func make() throws(TerminalFileError) { try OwnFile.makeFolder(path) }

    /// Nil when no device has been enrolled here.
    package func description() throws(TerminalFileError) -> Description? {
        guard let octets = try OwnFile.read(descriptionPath, limit: 65_536),
            access(identityPath, F_OK) == 0
        else { return nil }
        guard let description = try? JSONDecoder().decode(Description.self, from: Data(octets)),
            description.formatVersion == DeviceFolder.formatVersion
        else { throw .damaged("device.json") }
        return description
    }

    package var hasPendingKey: Bool { access(pendingKeyPath, F_OK) == 0 }

    package func write(authority pem: [UInt8]) throws(TerminalFileError) { try OwnFile.replace(authorityPath, pem) }

    /// Keeps what the platform has given for the pending key; afterwards that is the device's identity.
    ///
    /// - Parameter publicKey: the pending key's SubjectPublicKeyInfo.
    package func install(
        _ credentials: DeviceCredentialsBody,
        for publicKey: [UInt8],
        platform: String
    ) throws(TerminalFileError) {
        guard let der = decodeBase64(credentials.certificate), let certificate = try? Certificate(der: der),
            Array(certificate.subjectPublicKeyInfo.encoding) == publicKey,
            let renewAfter = ValidationTime(rfc3339: credentials.renewAfter)
        else { throw .damaged("the platform's answer") }
        guard let key = try OwnFile.read(pendingKeyPath, limit: 65_536) else { throw .damaged("pending.key") }
        try describe(
            credentials, platform: platform, notAfter: certificate.notAfter, renewAfter: renewAfter)
        try keepFormerKey()
        let chain = Array(PEM.Block(label: "CERTIFICATE", bytes: der).text.utf8)
        try OwnFile.replace(identityPath, chain + key)
        try OwnFile.remove(pendingKeyPath)
    }

    private func describe(
        _ credentials: DeviceCredentialsBody, platform: String, notAfter: ValidationTime, renewAfter: ValidationTime
    ) throws(TerminalFileError) {
        let description = Description(
            formatVersion: DeviceFolder.formatVersion, platform: platform, environment: credentials.environment,
            municipality: credentials.municipalityCode, site: credentials.site, terminal: credentials.terminal,
            device: credentials.deviceID, sealingKeyID: credentials.sealingKeyID, sealingKey: credentials.sealingKey,
            notAfter: notAfter.secondsSince1970, renewAfter: renewAfter.secondsSince1970)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard description.origin != nil, description.centreKey?.publicKey.count == 32,
            let octets = try? encoder.encode(description)
        else { throw .damaged("the platform's answer") }
        try OwnFile.replace(descriptionPath, [UInt8](octets))
    }

    /// Takes the centre's present sealing key over, when it is another one.
    package func update(from credentials: DeviceCredentialsBody) throws(TerminalFileError) {
        guard let known = try description(), known.device == credentials.deviceID,
            known.sealingKeyID != credentials.sealingKeyID
        else { return }
        try describe(
            credentials, platform: known.platform, notAfter: ValidationTime(secondsSince1970: known.notAfter),
            renewAfter: ValidationTime(secondsSince1970: known.renewAfter))
    }

    /// Removes a pending key that has become the identity's: the process ended between the two steps.
    ///
    /// - Parameter publicKey: the pending key's SubjectPublicKeyInfo.
    package func forgetInstalledKey(_ publicKey: [UInt8]) throws(TerminalFileError) {
        let text = String(decoding: try OwnFile.read(identityPath, limit: 65_536) ?? [], as: UTF8.self)
        guard let block = PEM.blocks(in: text).first(where: { $0.label == "CERTIFICATE" }),
            let certificate = try? Certificate(der: block.bytes),
            Array(certificate.subjectPublicKeyInfo.encoding) == publicKey
        else { return }
        try OwnFile.remove(pendingKeyPath)
    }
}
