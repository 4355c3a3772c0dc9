import CardProtocol
import Foundation
import HTTPSupport
import Synchronization
import TerminalSession
import WebPages

/// A check whose steps come from standard input.
final class PlayedFlow: KioskFlow {
    private struct State {
        var steps: AsyncStream<KioskStep>.Continuation?
        var line = KioskLine(.online)
    }

    private let state = Mutex(State())

    func begin() async -> AsyncStream<KioskStep> {
        let (stream, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        state.withLock { $0.steps = continuation }
        KioskProbe.say("begun")
        return stream
    }

    func submit(_ secret: any SecretOctets) async {
        KioskProbe.say("secret \(secret.count)")
        secret.erase()
    }

    func answer(_ answer: CounterAnswer) async -> Bool {
        switch answer {
        case .procedure(let id): KioskProbe.say("answer procedure \(id)")
        case .choice(let scope, let details, let year, let copies, let exemption):
            let shown = details.sorted().joined(separator: "+")
            let claim = exemption.map { " \($0)" } ?? ""
            KioskProbe.say("answer choice \(scope) [\(shown)] \(year.map(String.init) ?? "-") \(copies)\(claim)")
        case .members(let ids): KioskProbe.say("answer members \(ids.joined(separator: "+"))")
        case .confirmed: KioskProbe.say("answer confirmed")
        case .back: KioskProbe.say("answer back")
        }
        return true
    }

    func answer(_ answer: FormPageAnswer) async -> Bool {
        switch answer {
        case .form(let id): KioskProbe.say("answer form \(id)")
        case .way(let way): KioskProbe.say("answer way \(way.rawValue)")
        case .typed(let person): KioskProbe.say("answer typed \(person.name)|\(person.address)|\(person.document)")
        case .values(let fields):
            let names = ["g.notification", "f.moved_on", "f.new_address", "f.has_card_1"]
            KioskProbe.say("answer values " + names.map { fields[$0] }.joined(separator: "|"))
        case .print: KioskProbe.say("answer print")
        case .back(let kept):
            let names = ["name", "f.new_address"].filter { !kept[$0].isEmpty }
            KioskProbe.say((["answer form-back"] + names.map { kept[$0] }).joined(separator: " "))
        }
        return true
    }

    func end() async {
        state.withLock {
            $0.steps?.finish()
            $0.steps = nil
        }
        KioskProbe.say("ended")
    }

    func line() async -> KioskLine { state.withLock { $0.line } }

    func play(_ text: String) {
        guard let order = try? JSONDecoder().decode(Order.self, from: Data(text.utf8)) else {
            return KioskProbe.say("not understood")
        }
        if let line = order.line {
            state.withLock { $0.line = KioskLine(line == "offline" ? .offline : .online, waiting: order.waiting ?? 0) }
        }
        if let step = order.kioskStep { _ = state.withLock { $0.steps?.yield(step) } }
    }
}

/// One line of standard input.
private struct Order: Decodable {
    let step: String?
    let line: String?
    let waiting: Int?
    let kind: String?
    let tries: Int?
    let wrong: Bool?
    let verdict: String?
    let code: String?
    let place: String?
    let notices: [[String: String]]?
    let sentences: [String: String]?
    let details: [[String]]?
    /// Of an application's screens.
    let number: String?
    let degraded: Bool?
    let stage: String?

    var kioskStep: KioskStep? {
        switch step {
        case "reader_missing": .readerMissing
        case "waiting_for_card": .waitingForCard
        case "waiting_for_card_itself": .waitingForCardItself
        case "reading": .reading
        case "working": .working
        case "take_card": .takeCard
        case "secret_needed":
            .secretNeeded(
                SecretPrompt(
                    kind: SecretKind(rawValue: kind ?? "") ?? .fourDigits, medium: .card, triesLeft: tries ?? 3,
                    attempt: wrong == true ? .afterWrong : .first, place: place == "reader" ? .reader : .page))
        case "finished":
            KioskOutcome.Verdict(rawValue: verdict ?? "").map { verdict in
                let details = (details ?? []).filter { $0.count == 2 }
                return .finished(
                    KioskOutcome(
                        verdict, sentences: sentences ?? [:], notices: notices ?? [],
                        details: details.map { KioskOutcome.Detail(code: $0[0], value: $0[1]) }))
            }
        case "trouble":
            KioskTrouble(rawValue: code ?? "").map { .trouble($0, sentences: sentences ?? [:]) }
        case .some(let name) where name.hasPrefix("form_"): PlayedForm.step(name, code ?? "").map { .form($0) }
        case .some(let name) where name.hasPrefix("counter_"): counterStep(name).map { .counter($0) }
        default: nil
        }
    }

    private func counterStep(_ name: String) -> CounterStep? {
        let offer = PlayedOffers.all[0]
        let choice = CounterChoice(procedureID: offer.id, scope: "self", details: ["relationship"], copies: 2)
        return switch name {
        case "counter_loading": .loading()
        case "counter_unreached": .loading(unreached: true)
        case "counter_choosing": .choosing(PlayedOffers.all)
        case "counter_options": .options(offer, choice)
        case "counter_options_year":
            .options(PlayedOffers.all[2], CounterChoice(procedureID: "income", scope: "self", fiscalYear: 2_026))
        case "counter_members": .members(PlayedOffers.household)
        case "counter_confirming_exempt":
            .confirming(
                offer, CounterChoice(procedureID: offer.id, scope: "self", copies: 2, exemption: "pension"), names: [],
                fee: 0)
        case "counter_confirming": .confirming(offer, choice, names: [], fee: 600)
        case "counter_confirming_members":
            .confirming(
                offer, CounterChoice(procedureID: offer.id, scope: "selected", copies: 1),
                names: PlayedOffers.household.dropFirst(2).map(\.name), fee: 300)
        case "counter_progress": CounterProgress(rawValue: stage ?? "").map { .progress($0) }
        case "counter_receipt": .receipt(number: number ?? "", notice: degraded == true ? .degraded : nil)
        case "counter_late": .late(CounterDelay(rawValue: stage ?? "") ?? .printer, number: number)
        case "counter_window": .atTheWindow(CounterEnd(code: code ?? "", number: number))
        default: nil
        }
    }
}

/// What a city offers, for the pages.
private enum PlayedOffers {
    static let all = [
        offer(
            "residence", "resident_record", "住民票の写し", "Copy of Resident Record", ["self", "household", "selected"],
            details: ["relationship", "domicile"], fee: 300,
            exemptions: [
                .init(id: "pension", names: ["ja": "公的年金の請求", "en": "Claim for a public pension"], unitFee: 0),
                // In Japanese alone.
                .init(id: "disaster", names: ["ja": "災害にあった方"], unitFee: 150),
            ]),
        offer("seal", "seal_registration", "印鑑登録証明書", "Seal Registration Certificate", ["self"], fee: 300),
        offer(
            "income", "income_certificate", "所得・課税証明書", "Income and Tax Certificate", ["self"],
            years: [2_026, 2_025, 2_024], fee: 300),
        offer(
            "register", "family_register_full", "戸籍全部事項証明書", "Full Family Register", ["self"], fee: 450,
            availability: .closed),
        offer(
            "history", "family_register_residence_history", "戸籍の附票の写し", "History of Addresses", ["self"], fee: 300,
            availability: .plannedStop),
    ]

    /// Names that are long, rare or look like markup.
    static let household = ["見本　花子", "見本　太郎", "髙\u{FA11}見本　\u{20BB7}辻\u{E0102}子", "ＮＧＵＹＥＮ　ＴＨＩ　<b>"]
        .enumerated().map { CounterMember(id: "m\($0.offset + 1)", name: $0.element) }

    private static func offer(
        _ id: String, _ kind: String, _ japanese: String, _ english: String, _ scopes: [String],
        details: [String] = [], years: [Int] = [], fee: Int, exemptions: [CounterOffer.Exemption] = [],
        availability: CounterOffer.Availability = .open
    ) -> CounterOffer {
        CounterOffer(
            id: id, kind: kind, names: ["ja": japanese, "en": english], availability: availability, scopes: scopes,
            details: details, fiscalYears: years, mostCopies: 10, unitFee: fee, exemptions: exemptions)
    }
}
