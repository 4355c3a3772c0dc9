import ArgumentParser
import TerminalFiles

/// `akashi-terminal renew`.
struct RenewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: "Renew this device's certificate now; kiosk and sync do it by themselves.",
        discussion: "Example: akashi-terminal renew --device /etc/akashi/device")

    @Option(help: "The folder of the device.")
    var device = "device"

    @Flag(help: "Only when it is due.")
    var ifDue = false

    @OptionGroup var place: KeyOptions

    func validate() throws {
        guard !ifDue || place.key == nil else { throw ValidationError("--key renews now: without --if-due") }
    }

    func run() async throws {
        let link = DeviceLink(DeviceFolder(device))
        do {
            let isNew = ifDue ? try await link.renewIfDue() : try await link.renew(in: try place.place())
            await link.shutdown()
            show(json: ["renewed": isNew])
        } catch {
            await link.shutdown()
            complain("not renewed: \(sentence(link.reason(error)))")
            throw ExitStatus.failure
        }
    }
}
