import ArgumentParser
import CardProtocol
import Foundation
import PlatformClient
import SignatureAlgorithms
import TerminalSession

struct CardAuthenticate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authenticate",
        abstract: "Identify a person by the four digits: challenge, signature, the platform's full report.",
        discussion:
            "Example: akashi-terminal card authenticate --platform https://akashi.example.lg.jp:8443 --device ./device")

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var pins: PINOptions
    @OptionGroup var presentation: PresentationOptions

    @Flag(help: "Add to the JSON how long the card took, and how long the whole.")
    var timing = false

    func run() async throws {
        try await identify(.userAuthentication, reader, platform, pins, presentation, timing: timing)
    }
}

struct CardSign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a document with 署名用電子証明書 and have the platform judge the signature.",
        discussion:
            "Example: akashi-terminal card sign --in application.pdf --platform https://akashi.example.lg.jp:8443")

    @Option(name: .customLong("in"), help: "The document; its digest alone leaves this device.")
    var document: String

    @Option(help: "Write the signature to this file.")
    var signature: String?

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var pins: PINOptions
    @OptionGroup var presentation: PresentationOptions

    func run() async throws {
        guard let digest = CardSign.digest(ofFile: document) else {
            complain("cannot read \(document)")
            throw ExitStatus.failure
        }
        try await identify(
            .digitalSignature(.digest(digest, .sha256)), reader, platform, pins, presentation, keep: signature)
    }

    /// SHA-256 of a file of any size, in memory for one portion of it; nil when it cannot be read to its end.
    private static func digest(ofFile path: String) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        var digest = RunningDigest(.sha256)
        do {
            while let portion = try file.read(upToCount: 1_048_576), !portion.isEmpty { digest.update(portion.span) }
        } catch {
            return nil
        }
        return digest.value
    }
}

struct CardAttributes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attributes",
        abstract:
            "Read name, address, date of birth and sex from the card, and check its issuer's signature. Never 個人番号.",
        discussion: "Example: akashi-terminal card attributes --face-number-b")

    @Flag(help: "With 照合番号B, the 14 digits on the card's face, instead of the PIN.")
    var faceNumberB = false

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var pins: PINOptions
    @OptionGroup var presentation: PresentationOptions

    func run() async throws {
        let parts = TerminalParts(slot: reader.slot, gateway: NoPlatform(), clock: WallClock())
        let identification = CardIdentification(
            parts: parts, pins: pins, presentation: presentation, sentences: try Sentences())
        let way = IdentificationWay.attributes(faceNumberB ? .faceNumberB : .pin)
        let request = IdentificationRequest(way, purpose: "", patience: reader.patience)
        try identification.conclude(await identification.run(request))
    }
}

/// One identification that the platform judges.
private func identify(
    _ way: IdentificationWay, _ reader: ReaderOptions, _ platform: PlatformOptions, _ pins: PINOptions,
    _ presentation: PresentationOptions, timing: Bool = false, keep: String? = nil
) async throws {
    let sentences = try Sentences()
    let connection: PlatformConnection
    do {
        connection = try await platform.connection()
    } catch {
        presentation.report(FlowFailure(.terminalCredentials), sentences)
        complain(sentence(error))
        throw ExitStatus.failure
    }
    var parts = try terminalParts(reader, connection)
    let stopwatch = Stopwatch(parts.slot, parts.gateway, keeps: keep)
    (parts.slot, parts.gateway) = (stopwatch, stopwatch)
    let identification = CardIdentification(
        parts: parts, pins: pins, presentation: presentation, sentences: sentences)
    let request = IdentificationRequest(way, purpose: platform.purpose, patience: reader.patience)
    let state = await identification.run(request)
    await connection.close()
    try identification.conclude(state, timing: timing ? stopwatch.json : nil)
}
