import ArgumentParser
import Foundation
import PlatformClient
import WireFormat

/// `akashi terminal`: the operator's side of enrolled devices.
struct TerminalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "terminal", abstract: "Devices that stand for terminals: enrolment codes, state, revocation.",
        subcommands: [
            TerminalCodeCommand.self, TerminalListCommand.self, TerminalShowCommand.self, TerminalRevokeCommand.self,
            TerminalRotateCommand.self,
        ])
}

/// `akashi terminal code`.
struct TerminalCodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "code", abstract: "Make the one-time code with which one device enrols for a terminal.",
        discussion: """
            Example: akashi terminal code counter-1 --server https://akashi.example:8443 --certificate op.pem \
            --key op.key --authority ca.pem
            The code is shown once; a new one makes an unused one worthless. Needs the scope device.admin.
            """)

    @Argument(help: "The terminal's id in the configuration; its credential is `enrolled: true`.")
    var terminal: String

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.createDevice(terminal: terminal)
        }
        try platform.present(body) { ["\($0.code ?? "")  \($0.id)  until \($0.codeExpiresAt)"] }
    }
}

/// `akashi terminal list`.
struct TerminalListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The municipality's devices, newest first.",
        discussion: """
            Example: akashi terminal list --server https://akashi.example:8443 --certificate op.pem --key op.key \
            --authority ca.pem
            """)

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        var token: String?
        repeat {
            let (position, body) = try await page(token)
            token = position
            if platform.json {
                show(String(decoding: body.octets, as: UTF8.self))
            } else {
                body.lines.forEach { show($0) }
            }
        } while token != nil
    }

    private func page(_ token: String?) async throws -> (String?, (octets: [UInt8], lines: [String])) {
        let octets = try await platform.withClient { client async throws(PlatformError) in
            try await client.devices(pageToken: token)
        }
        let page = try platform.decoded(octets, as: PageBody<DeviceBody>.self)
        return (page.nextPageToken, (octets, page.items.map(\.line)))
    }
}

/// `akashi terminal show`.
struct TerminalShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One device with its keys and how far its sealed records have come.",
        discussion: """
            Example: akashi terminal show dev_… --server https://akashi.example:8443 --certificate op.pem --key op.key \
            --authority ca.pem
            """)

    @Argument(help: "The device's id.")
    var device: String

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.device(device)
        }
        try platform.present(body) { device in
            [device.line] + (device.keys ?? []).map { "key    \($0.sha256)  \($0.state)  until \($0.notAfter)" }
                + (device.queues ?? []).map {
                    "queue  \($0.queue)  \($0.line)"
                }
        }
    }
}

/// `akashi terminal revoke`.
struct TerminalRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a device for good; its open connections are closed.",
        discussion: """
            Example: akashi terminal revoke dev_… --reason stolen --server https://akashi.example:8443 \
            --certificate op.pem --key op.key --authority ca.pem
            """)

    @Argument(help: "The device's id.")
    var device: String

    @Option(help: "lost, stolen, key_compromise, replaced or retired.")
    var reason: String

    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let body = try await platform.withClient { client async throws(PlatformError) in
            try await client.revokeDevice(device, reason: reason)
        }
        try platform.present(body) { [$0.line] }
    }
}

extension PlatformOptions {
    fileprivate func decoded<Body: Decodable>(_ octets: [UInt8], as type: Body.Type) throws -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(octets))
        } catch {
            complain("\(server): an answer that this program does not read")
            throw ExitStatus.failure
        }
    }

    fileprivate func present(_ octets: [UInt8], _ lines: (DeviceBody) -> [String]) throws {
        guard !json else { return show(String(decoding: octets, as: UTF8.self)) }
        try lines(decoded(octets, as: DeviceBody.self)).forEach { show($0) }
    }
}

extension DeviceBody.Queue {
    fileprivate var line: String {
        let end = reportedSequence.map { $0 > lastSequence ? "; the device has made \($0)" : "" } ?? ""
        return "\(records) records up to \(lastSequence), \(missing) missing\(end)"
    }
}

extension DeviceBody {
    fileprivate var line: String {
        let since = revokedAt.map { "since \($0) (\(revocationReason ?? ""))" } ?? "since \(enrolledAt ?? createdAt)"
        return "\(id)  \(terminal)  \(site)  \(state)  \(since)"
    }
}
