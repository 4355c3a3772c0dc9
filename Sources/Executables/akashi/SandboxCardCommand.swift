import ArgumentParser
import CardProtocol
import Foundation
import VirtualCard

struct SandboxCardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Put a test resident's card or telephone into a virtual reader (vpcd) of pcscd.",
        discussion: """
            Example: akashi sandbox card --resident regular --port 35963
            Lines on standard input steer it: insert, remove, fault removed@12, fault none, tries, trace, quit. One JSON
            object a line on standard output. It stays in the reader when standard input ends.
            """)

    @Option(help: "Where `akashi sandbox serve` answers.")
    var sandbox = "http://127.0.0.1:7080"

    @Option(help: "An archetype such as regular, expired, moved, under_fifteen, or the id of a minted resident.")
    var resident = "regular"

    @Option(
        name: .customLong("as"),
        help: "card, face, android, iphone, resident_register_card or foreign; without it what the resident has.")
    var form: CardProfile.Form?

    @Option(help: "vpcd's port: the second one of a reader entry is the next.")
    var port: UInt16 = 35_963

    @Option(help: "Milliseconds that a command takes; a real card's 20 to 40.")
    var latency = 0

    @Option(help: "Milliseconds that a signature takes; a real card's about 450.")
    var signatureLatency = 0

    @Option(
        help:
            "What it does wrong at which command after insertion: removed, mute, truncated, overlong, garbage or failing, as in removed@12."
    )
    var fault: String?

    @Flag(help: "Start outside the reader.")
    var removed = false

    func validate() throws {
        guard (0...60_000).contains(latency), (0...60_000).contains(signatureLatency) else {
            throw ValidationError("--latency and --signature-latency go to 60000")
        }
        guard fault == nil || fault.flatMap(Misbehaviour.init(text:)) != nil else {
            throw ValidationError("--fault is a kind, @ and a number")
        }
    }

    func run() async throws {
        let profile: CardProfile
        do {
            profile = try await CardProfile.fetched(resident, from: sandbox, as: form)
        } catch {
            complain("no such resident in the sandbox at \(sandbox)")
            throw ExitStatus.failure
        }
        let chip = try VirtualChip(profile)
        chip.misbehave(fault.flatMap(Misbehaviour.init(text:)))
        let latency = CardLatency(
            command: .milliseconds(latency), signature: .milliseconds(signatureLatency))
        let link = VPCDLink(chip, port: port, latency: latency) { report(["event": "left"]) }
        if !removed { insert(link) }
        report([
            "event": "ready", "form": profile.form.rawValue, "inserted": link.isInserted,
            "pins": Dictionary(uniqueKeysWithValues: profile.pins.map { ($0.key.rawValue, $0.value) }),
        ])
        while let line = readLine() {
            guard line != "quit" else { return }
            obey(line, link, chip)
        }
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }

    private func insert(_ link: VPCDLink) {
        do {
            try link.insert()
        } catch {
            report(["event": "no_reader", "port": Int(port)])
        }
    }

    private func obey(_ line: String, _ link: VPCDLink, _ chip: VirtualChip) {
        let words = line.split(separator: " ").map(String.init)
        switch (words.first, words.dropFirst().first) {
        case ("insert", _): insert(link)
        case ("remove", _): link.remove()
        case ("fault", "none"): chip.misbehave(nil)
        case ("fault", let text?):
            guard let fault = Misbehaviour(text: text) else { return report(["event": "unknown"]) }
            chip.misbehave(fault)
        case ("tries", let setting?):
            let parts = setting.split(separator: "=")
            guard parts.count == 2, let pin = CardPIN(rawValue: String(parts[0])), let count = Int(parts[1]) else {
                return report(["event": "unknown"])
            }
            chip.setTries(count, of: pin)
        case ("tries", nil), ("trace", _): break
        default: return report(["event": "unknown"])
        }
        report(state(words.first ?? "", link, chip))
    }

    private func state(_ event: String, _ link: VPCDLink, _ chip: VirtualChip) -> [String: Any] {
        var object: [String: Any] = [
            "event": event, "inserted": link.isInserted, "commands": chip.trace.count,
            "presented": chip.trace.count { $0.instruction == 0x20 && $0.hasData },
            "tries": Dictionary(uniqueKeysWithValues: chip.tries.map { ($0.key.rawValue, $0.value) }),
        ]
        if event == "trace" {
            object["trace"] = chip.trace.map {
                [
                    String($0.instruction, radix: 16), $0.file.map { String($0, radix: 16) } ?? "",
                    String($0.status, radix: 16),
                ]
                .joined(separator: " ")
            }
        }
        return object
    }
}

extension CardProfile.Form: ExpressibleByArgument {}

/// One JSON object on standard output.
private func report(_ object: [String: Any]) {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: options) else { return }
    show(String(decoding: data, as: UTF8.self))
}
