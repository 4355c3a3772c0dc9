import Foundation
import FoundationNetworking
import Logging
import ServiceLifecycle
import Synchronization
import TerminalSession
import Testing
import WebPages

/// One person after another at the page: what one has chosen is never left to the next.
@Suite("The desk of the page, one person after another", .timeLimit(.minutes(1)))
struct KioskDeskTests {
    static let offer = CounterOffer(
        id: "residence", kind: "resident_record", names: ["ja": "住民票の写し"], availability: .open, scopes: ["self"],
        details: [], fiscalYears: [], mostCopies: 10, unitFee: 300)
    static let choice = CounterChoice(procedureID: "residence", scope: "self", copies: 3)
    static let options = KioskStep.counter(.options(offer, choice))

    @Test(
        "What somebody chose and left is wiped while it waits for a card: the next person's card confirms nothing of it",
        arguments: [KioskStep.waitingForCard, .waitingForCardItself, .takeCard, .readerMissing])
    func leftBehind(_ waiting: KioskStep) async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(KioskDeskTests.options))
            await desk.speak(.english)
            let shown = try await desk.shows(desk.play(waiting))
            #expect(shown.secondsLeft != nil && shown.secondsAnew == AtTheDesk.times.entry)
            let wiped = try await desk.until { $0.shown == .wiped(.timeOut) }
            #expect(wiped.language == .japanese)
            try await desk.until { _ in desk.flow.begun == 2 }
        }
    }

    @Test(
        "Whoever has chosen and waits for a card can give it up; where nothing was chosen there is nothing to give up")
    func stop() throws {
        let pages = try PageSet()
        for step in [KioskStep.waitingForCard, .waitingForCardItself, .takeCard, .readerMissing] {
            let underway = pages.screen(KioskScreen(.step(step), on: .underway), warning: 20)
            #expect(underway.contains(#"data-action="next""#) && underway.contains("やめる"))
            #expect(!pages.screen(KioskScreen(.step(step)), warning: 20).contains(#"data-action="next""#))
        }
    }

    @Test("A page that is loaded again forgets what was chosen, and the language")
    func reload() async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(KioskDeskTests.options))
            try await desk.shows(desk.play(.waitingForCard))
            await desk.open()
            try await desk.until { $0.shown == .wiped(.asked) }
            await desk.speak(.korean)
            await desk.open()
            #expect(try await desk.until { _ in true }.language == .japanese)
        }
    }

    @Test("Who goes back to the choice leaves nothing: it stands as long as nobody comes")
    func backToTheChoice() async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(KioskDeskTests.options))
            let choosing = try await desk.shows(desk.play(.counter(.choosing([KioskDeskTests.offer]))))
            #expect(choosing.secondsLeft == nil)
        }
    }

    @Test("Where nothing was chosen the page waits for anybody, and a language that was left goes back to Japanese")
    func restingPage() async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(.takeCard))
            await desk.speak(.vietnamese)
            // The screen changes after the language was chosen.
            let waiting = try await desk.shows(desk.play(.waitingForCard))
            #expect(waiting.language == .vietnamese && waiting.secondsLeft == nil)
            let left = try await desk.until { $0.language == .japanese }
            #expect(left.shown == .step(.waitingForCard) && desk.flow.begun == 1)
        }
    }

    @Test("What has been wiped goes in its time, whichever language is pressed meanwhile")
    func languageWhileWiped() async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(.reading))
            await desk.next()
            await desk.speak(.english)
            await desk.speak(.japanese)
            try await desk.until { $0.shown == .step(.waitingForCard) }
        }
    }

    @Test("A language that is chosen while the person before is being forgotten is the next one's")
    func languageWhileEnding() async throws {
        try await AtTheDesk.with { desk in
            try await desk.shows(desk.play(KioskDeskTests.options))
            desk.flow.holdNextEnd()
            async let ended: Void = desk.next()
            try await desk.until { _ in desk.flow.isEnding }
            await desk.speak(.brazilianPortuguese)
            desk.flow.letEnd()
            await ended
            #expect(desk.flow.language == .brazilianPortuguese)
            #expect(try await desk.until { _ in desk.flow.begun == 2 }.language == .brazilianPortuguese)
        }
    }

    @Test("Whoever lays the card down before choosing is told to put it down again, not that another may begin")
    func cardTooEarly() throws {
        let pages = try PageSet()
        let early = pages.screen(KioskScreen(.step(.takeCard), on: .underway), warning: 20)
        #expect(early.contains("ご自分のカードを置いてください") && !early.contains("次の方が始められます"))
        #expect(pages.screen(KioskScreen(.step(.takeCard)), warning: 20).contains("次の方が始められます"))
    }

    @Test("Where only the card itself will do, no phone is offered")
    func noPhone() throws {
        let pages = try PageSet()
        #expect(pages.screen(KioskScreen(), warning: 20).contains("スマートフォンでもできます"))
        let itself = pages.screen(KioskScreen(.step(.waitingForCardItself), on: .underway), warning: 20)
        #expect(itself.contains("スマートフォンは使えません") && !itself.contains("スマートフォンでもできます"))
    }
}

extension KioskDeskTests {
    /// The page's next question would be answered when the test's time is long over.
    static let patient = KioskTimes(entry: 60, result: 60, work: 60, pageGone: 600, poll: 600, ending: 1)

    @Test("Told to end in the middle, the desk empties the page at once, and does not wait for a centre without end")
    func endInTheMiddle() async throws {
        let flow = DeskFlow()
        let desk = KioskDesk(flow: flow, times: KioskDeskTests.patient)
        let serving = Task { await desk.serve() }
        while flow.begun == 0 { await Task.yield() }
        let key = await desk.open().text
        flow.play(KioskDeskTests.options)
        var shown = KioskScreen()
        while shown.shown != .step(KioskDeskTests.options) {
            shown = try #require(await desk.screen(after: shown.version, for: key))
        }
        flow.holdNextEnd()
        serving.cancel()
        #expect(await desk.screen(after: shown.version, for: key)?.shown == .wiped(.asked))
        await serving.value
        #expect(flow.isEnding && flow.begun == 1)
        // Nothing begins any more, and nothing is asked.
        await desk.next()
        #expect(flow.begun == 1)
        #expect(await desk.answer(CounterAnswer.confirmed) == false)
        flow.letEnd()
    }

    @Test("Told to end while nobody is there, the server does not wait for the page that waits for news")
    func endWhenIdle() async throws {
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let server = KioskServer(
            flow: DeskFlow(), pages: try PageSet(), port: 0, times: KioskDeskTests.patient,
            logger: Logger(label: "test")
        ) { announce.yield($0) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        let port = try #require(await ports.first { _ in true })
        let page = PageReader(port: port)
        let document = try await page.get("/", ["Sec-Fetch-Site": "none"])
        let key = try #require(document.text.firstMatch(of: /name="akashi-page" content="([^"]+)"/)?.output.1)
        let asked = ["Sec-Fetch-Site": "same-origin", "Akashi-Page": String(key)]
        let screen = try await page.get("/screen", asked)
        let version = try #require(screen.version)
        async let waiting = page.get("/screen?after=\(version)", asked)
        // The page waits in this moment or comes too late: either way the program ends.
        try await Task.sleep(for: .milliseconds(200))
        await group.triggerGracefulShutdown()
        try await running.value
        #expect((try? await waiting).map { $0.status == 204 } ?? true)
    }
}

/// Asks as a browser does.
private struct PageReader {
    let port: Int

    func get(_ path: String, _ fields: [String: String]) async throws -> (status: Int, text: String, version: String?) {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.timeoutInterval = 50
        for (name, value) in fields { request.setValue(value, forHTTPHeaderField: name) }
        request.setValue("navigate", forHTTPHeaderField: "Sec-Fetch-Mode")
        request.setValue("document", forHTTPHeaderField: "Sec-Fetch-Dest")
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = response as? HTTPURLResponse
        return (
            answer?.statusCode ?? 0, String(decoding: data, as: UTF8.self),
            answer?.value(forHTTPHeaderField: "Akashi-Version")
        )
    }
}

/// A desk that keeps time, and its one page.
private final class AtTheDesk: Sendable {
    /// As short as seconds can be.
    static let times = KioskTimes(entry: 2, result: 2, work: 30, wiped: 1, pageGone: 30, poll: 1, warning: 1)

    let flow = DeskFlow()
    private let desk: KioskDesk
    private let key = Mutex("")

    private init() { desk = KioskDesk(flow: flow, times: AtTheDesk.times) }

    static func with(_ body: (AtTheDesk) async throws -> Void) async throws {
        let at = AtTheDesk()
        let serving = Task { await at.desk.serve() }
        while at.flow.begun == 0 { await Task.yield() }
        await at.open()
        do {
            try await body(at)
        } catch {
            serving.cancel()
            await serving.value
            throw error
        }
        serving.cancel()
        await serving.value
    }

    func play(_ step: KioskStep) -> KioskStep {
        flow.play(step)
        return step
    }

    @discardableResult
    func shows(_ step: KioskStep) async throws -> KioskScreen { try await until { $0.shown == .step(step) } }

    /// The first screen for which it holds, as a page that has been open would be sent it.
    @discardableResult
    func until(_ holds: (KioskScreen) -> Bool) async throws -> KioskScreen {
        while true {
            let key = key.withLock { $0 }
            if let screen = await desk.screen(after: nil, for: key), holds(screen) { return screen }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func open() async {
        let opened = await desk.open()
        key.withLock { $0 = opened.text }
    }

    func next() async { await desk.next() }
    func speak(_ language: PageLanguage) async { await desk.speak(language) }
}
