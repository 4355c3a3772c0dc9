import ArgumentParser
import CardProtocol
import Foundation
import PKIX
import SystemClock
import TerminalSession
import Verification

struct CardInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract:
            "Say which card it is, what is on it and how many tries each PIN has left. Proves nothing, spends nothing.",
        discussion: "Example: akashi-terminal card info --json")

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var presentation: PresentationOptions

    func run() async throws {
        let sentences = try Sentences()
        let inspection: CardInspection
        do throws(FlowFailureError) {
            inspection = try await CardInspector(slot: reader.slot, clock: clock()).inspect(within: reader.patience)
        } catch {
            presentation.report(error.failure, sentences)
            throw ExitStatus.failure
        }
        if presentation.json {
            show(json: inspection.json(sentences))
        } else {
            for line in inspection.lines(sentences, presentation.language) { show(line) }
        }
    }

    private func clock() -> any TrustedClock { WallClock() }
}

/// The machine's clock as it is: for notices about expiry alone, never for a verdict.
struct WallClock: TrustedClock {
    func reading() -> ClockReading {
        ClockReading(now: ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970)), trust: .trusted)
    }
}

extension CardInspection {
    fileprivate func json(_ sentences: Sentences) -> [String: Any] {
        var tries: [String: Any] = [:]
        for (pin, state) in summary.pins {
            tries[pin.rawValue] = state.triesLeft.map { $0 as Any } ?? NSNull()
        }
        var object: [String: Any] = [
            "medium": summary.medium.rawValue, "face_authentication_card": summary.isFaceAuthenticationCard,
            "tries_left": tries, "notices": notices.map { sentences.json($0) },
            "assurance_level": NSNull(), "messages": sentences.messages(.certificateRead),
        ]
        if let presence = summary.presence {
            object["certificates"] = [
                "digital_signature": presence.hasSignatureCertificate,
                "user_authentication": presence.hasAuthenticationCertificate,
            ]
        }
        if let certificate {
            object["certificate"] = ["not_before": certificate.notBefore, "not_after": certificate.notAfter]
                .mapValues(\.description)
        }
        let obstacles = CardKey.allCases.compactMap { key in summary.obstacle(to: key).map { (key, $0) } }
        object["obstacles"] = Dictionary(uniqueKeysWithValues: obstacles.map { ($0.rawValue, $1.code) })
        return object
    }

    fileprivate func lines(_ sentences: Sentences, _ language: Language) -> [String] {
        var lines = ["medium               \(summary.medium.rawValue)"]
        for key in CardKey.allCases {
            let tries = summary.pins[key.pin]?.triesLeft.map { "\($0) tries left" } ?? "-"
            let has = summary.presence.map { $0.has(key) ? "certificate" : "no certificate" } ?? "certificate unknown"
            lines.append("\(key.rawValue.padding(toLength: 20, withPad: " ", startingAt: 0)) \(has), \(tries)")
        }
        if let certificate { lines.append("valid until          \(certificate.notAfter)") }
        let faults = CardKey.allCases.compactMap { summary.obstacle(to: $0) }
        var codes = faults.map { TerminalCode($0) }
        if summary.isFaceAuthenticationCard { codes = [.faceAuthenticationCard] }
        lines += codes.map { sentences.sentence($0, for: language) }
        lines += notices.map { sentences.sentence($0.code, for: language, $0.values) }
        lines.append(sentences.sentence(.certificateRead, for: language))
        return lines
    }
}
