import ArgumentParser
import Foundation
import PCSC
import PlatformClient
import SystemClock
import TerminalFiles
import TerminalSession

/// Which reader, and for how long.
struct ReaderOptions: ParsableArguments {
    @Option(
        help: "The reader's name as `akashi-terminal card readers` lists it; without it, the reader that holds a card.")
    var reader: String?

    @Option(help: "Seconds to wait for a card.")
    var wait = 60

    @Option(help: "Seconds for one command of the card.")
    var commandSeconds = 8

    func validate() throws {
        guard (0...3_600).contains(wait), (1...120).contains(commandSeconds) else {
            throw ValidationError("--wait goes from 0 to 3600, --command-seconds from 1 to 120")
        }
    }

    var slot: PCSCSlot {
        var limits = PCSCSlot.Limits()
        limits.command = .seconds(commandSeconds)
        return PCSCSlot(reader.map { .named($0) } ?? .any, limits: limits)
    }

    var patience: Duration { .seconds(wait) }
}

/// Which platform, and with which identity.
struct PlatformOptions: ParsableArguments {
    @Option(help: "The platform, for example https://akashi.example.lg.jp:8443.")
    var platform: String

    @Option(help: "The folder of an enrolled device, as `akashi-terminal enrol` makes it.")
    var device = "device"

    @Option(help: "The client certificate instead of the folder's.")
    var certificate: String?

    @Option(help: "Its private key.")
    var key: String?

    @Option(help: "The authority of the platform's server certificate.")
    var authority: String?

    @Option(help: "A purpose that the platform knows.")
    var purpose = "certificate_issuance"

    @Option(help: "A policy that the platform allows this client.")
    var policy: String?

    func validate() throws {
        guard key?.lowercased().hasPrefix("pkcs11:") != true else {
            throw ValidationError(
                "--key takes a file: a device whose key is in a token is used by its folder, --device")
        }
    }

    private func client() throws -> PlatformClient {
        func text(_ path: String?, _ name: String) throws -> String {
            let path = path ?? "\(device)/\(name)"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw UnreadableFile(path: path)
            }
            return text
        }
        let credentials = PlatformCredentials(
            certificateChainPEM: try text(certificate, "identity.pem"),
            privateKeyPEM: try text(key, "identity.pem"), serverAuthoritiesPEM: try text(authority, "authority.pem"))
        return try PlatformClient(baseURL: platform, credentials: credentials)
    }
}

/// A file of the terminal's identity that is not there.
struct UnreadableFile: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path) cannot be read: enrol the device (akashi-terminal enrol) and name its folder with --device, or give "
            + "--certificate, --key and --authority"
    }
}

/// How a terminal reaches its platform.
struct PlatformConnection: Sendable {
    let gateway: any PlatformGateway
    /// The gateway of an enrolled device; nil for who is not, as is the queue.
    let bounded: BoundedGateway?
    let queue: SealedQueueFolder?
    /// The client of the present identity; a device renews.
    let client: @Sendable () async throws -> PlatformClient
    let close: @Sendable () async -> Void
}

extension PlatformOptions {
    /// An enrolled device renews by itself, and puts checks aside while the platform is out of reach.
    ///
    /// - Throws: also when the device's key, in a token perhaps, cannot be used.
    func connection() async throws -> PlatformConnection {
        guard let link = try link() else {
            let client = try client()
            let gateway = TerminalGateway(client, policyID: policy)
            return PlatformConnection(gateway: gateway, bounded: nil, queue: nil, client: { client }) {
                await client.shutdown()
            }
        }
        _ = try await link.client()
        let bounded = link.bounded()
        return PlatformConnection(
            gateway: bounded, bounded: bounded, queue: try link.queue(), client: { try await link.client() }
        ) {
            await link.shutdown()
        }
    }

    /// The link of an enrolled device, with its queue; nil when the identity was given by files of its own.
    private func link() throws -> DeviceLink? {
        guard certificate == nil, key == nil, authority == nil else { return nil }
        let folder = DeviceFolder(device)
        guard try folder.description() != nil else { return nil }
        return DeviceLink(folder, policy: policy)
    }
}

/// Puts a terminal together.
func terminalParts(_ reader: ReaderOptions, _ connection: PlatformConnection) throws -> TerminalParts {
    TerminalParts(
        slot: reader.slot, gateway: connection.gateway, clock: try SystemClock(markPath: nil), queue: connection.queue)
}
