internal import CardProtocol
internal import TerminalSession

/// Why a person's data was wiped off the page.
package enum WipeReason: String, Hashable, Sendable {
    /// 次の方, or the person gave up.
    case asked
    case timeOut = "time_out"
}

/// What the page shows now.
package struct KioskScreen: Hashable, Sendable {
    package enum Shown: Hashable, Sendable {
        case step(KioskStep)
        case wiped(WipeReason)
    }

    /// Rises with every change.
    package var version = 0
    /// Rises when another step is shown; the page moves the focus then, and only then.
    package var scene = 0
    package var shown = Shown.step(.waitingForCard)
    package var occasion = KioskOccasion.anybody
    package var language = PageLanguage.japanese
    package var line = KioskLine(.online)
    /// Until it is wiped; nil while nothing of a person is shown.
    package var secondsLeft: Int?
    /// What ``secondsLeft`` begins with anew when a key or the screen is touched.
    package var secondsAnew: Int?

    package init(_ shown: Shown = .step(.waitingForCard), on occasion: KioskOccasion = .anybody) {
        (self.shown, self.occasion) = (shown, occasion)
    }
}

/// The counter's side of the page: one person at a time, wiped in time, shown on one page alone.
package actor KioskDesk {
    let flow: any KioskFlow
    let times: KioskTimes
    private let start = PageKey.random()
    private var page: PageKey
    private var screen = KioskScreen()
    /// Which begun check the steps belong to; those of an ended one are dropped.
    private var check = 0
    private var following: Task<Void, Never>?
    private var wiping = false
    /// The program ends: nothing begins any more, and no page waits.
    private var closing = false
    /// What is shown after "the display has been wiped", unless somebody begins before.
    private var afterWiped = KioskStep.waitingForCard
    private var deadline: ContinuousClock.Instant?
    private var lastPoll = ContinuousClock.now
    private var polling = 0
    private var lineAsked: ContinuousClock.Instant?
    private var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    private var sleeperCount = 0

    package init(flow: any KioskFlow, times: KioskTimes = KioskTimes()) {
        (self.flow, self.times) = (flow, times)
        page = PageKey(start: start, page: PageKey.random())
    }

    /// Keeps time until its task is cancelled; then the page is emptied at once and the person forgotten, within
    /// ``KioskTimes/ending``.
    package func serve() async {
        await begin()
        while !Task.isCancelled {
            // What has begun is not broken off with the desk.
            await Task { await self.tick() }.value
            try? await Task.sleep(for: .milliseconds(250))
        }
        await close()
    }

    private func close() async {
        closing = true
        check += 1
        following?.cancel()
        if isPersonal {
            (screen.language, screen.occasion) = (.japanese, .anybody)
            show(.wiped(.asked))
        }
        wakeAll()
        // A task of its own is not cancelled with the desk: an order is taken back, for which the centre is waited for.
        let limit = Duration.seconds(times.ending)
        await Task { await Deadline.first(within: limit, otherwise: ()) { await self.forgetPerson() } }.value
    }

    private func forgetPerson() async {
        while wiping, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
        await flow.end()
    }

    // MARK: For the routes

    /// A page was loaded: whoever was being checked is wiped with their language, and every other page goes blank.
    package func open() async -> PageKey {
        page = PageKey(start: start, page: PageKey.random())
        lastPoll = .now
        if isPersonal { await wipe(.asked) } else { await speak(.japanese) }
        changed()
        return page
    }

    func standing(of key: String?) -> PageKey.Standing { page.standing(of: key) }

    /// The screen, as soon as it is another than `version`; nil when it stays the same for long.
    package func screen(after version: Int?, for key: String?) async -> KioskScreen? {
        let end = ContinuousClock.now.advanced(by: .seconds(times.poll))
        polling += 1
        defer {
            polling -= 1
            lastPoll = .now
        }
        while screen.version == version, .now < end, page.standing(of: key) == .newest, !closing, !Task.isCancelled {
            await pause(until: end)
        }
        guard page.standing(of: key) == .newest, screen.version != version else { return nil }
        var shown = screen
        guard isPersonal else { return shown }
        shown.secondsLeft = deadline.map { max(0, Int(($0 - .now) / .seconds(1))) }
        shown.secondsAnew = currentLimit
        return shown
    }

    /// The secret is asked for and has the right length; false otherwise, and then it is not used.
    func submit(_ secret: any SecretOctets) async -> Bool {
        guard !wiping, !closing, case .step(.secretNeeded(let prompt)) = screen.shown,
            prompt.place == .page, prompt.kind.lengths.contains(secret.count)
        else {
            secret.erase()
            return false
        }
        show(.step(.working))
        await flow.submit(secret)
        return true
    }

    /// An answer to a step of an application; false when that is not what is shown.
    package func answer(_ answer: CounterAnswer) async -> Bool {
        guard !wiping, !closing, case .step(.counter) = screen.shown else { return false }
        return await flow.answer(answer)
    }

    /// An answer to a step of a form; false when that is not what is shown.
    package func answer(_ answer: FormPageAnswer) async -> Bool {
        guard !wiping, !closing, case .step(.form) = screen.shown else { return false }
        return await flow.answer(answer)
    }

    /// 次の方, and giving up.
    package func next() async { await wipe(.asked) }

    /// The person is still there.
    func stay() {
        guard currentLimit != nil else { return }
        restartTime()
        changed()
    }

    /// A key was touched: time starts anew without a new screen.
    func touched() {
        guard currentLimit != nil else { return }
        restartTime()
    }

    /// What has been wiped goes when its time is over, in whichever language.
    package func speak(_ language: PageLanguage) async {
        guard screen.language != language else { return }
        screen.language = language
        if case .step = screen.shown { restartTime() }
        changed()
        await flow.speak(language)
    }

    // MARK: One check

    private func begin() async {
        guard !closing else { return }
        check += 1
        let current = check
        afterWiped = .waitingForCard
        let steps = await flow.begin()
        guard !closing else { return await flow.end() }
        // Chosen while the person before was still being forgotten.
        if screen.language != .japanese { await flow.speak(screen.language) }
        following = Task { [weak self] in
            for await step in steps { await self?.take(step, of: current) }
        }
    }

    private func take(_ step: KioskStep, of number: Int) {
        guard number == check, !wiping else { return }
        screen.occasion = screen.occasion.after(step)
        if case .wiped = screen.shown, !step.isPersonal(on: screen.occasion) {
            afterWiped = step
        } else {
            show(.step(step))
        }
    }

    private func wipe(_ reason: WipeReason) async {
        guard !wiping, !closing else { return }
        wiping = true
        check += 1
        following?.cancel()
        following = nil
        screen.language = .japanese
        screen.occasion = .anybody
        show(.wiped(reason))
        await flow.end()
        deadline = .now.advanced(by: .seconds(times.wiped))
        wiping = false
        // The next card is looked for at once; who is quick does not wait for the words to go.
        await begin()
    }

    private func tick() async {
        let now = ContinuousClock.now
        if case .wiped = screen.shown {
            if !wiping, let deadline, now >= deadline { show(.step(afterWiped)) }
            return
        }
        let gone = polling == 0 && now - lastPoll > .seconds(times.pageGone)
        if isPersonal, gone || deadline.map({ now >= $0 }) == true { return await wipe(.timeOut) }
        // A language that nobody goes on with is not left to the next person.
        if !isPersonal, let deadline, now >= deadline { await speak(.japanese) }
        await askForLine(now)
    }

    private func askForLine(_ now: ContinuousClock.Instant) async {
        guard lineAsked.map({ now - $0 > .seconds(2) }) ?? true else { return }
        lineAsked = now
        let line = await flow.line()
        guard line != screen.line else { return }
        screen.line = line
        changed()
    }

    // MARK: The screen

    private var isPersonal: Bool {
        guard case .step(let step) = screen.shown else { return false }
        return step.isPersonal(on: screen.occasion)
    }

    /// Nil when what is shown may stand.
    private var currentLimit: Int? {
        guard case .step(let step) = screen.shown else { return nil }
        return times.limit(of: step, on: screen.occasion) ?? (screen.language == .japanese ? nil : times.result)
    }

    private func restartTime() { deadline = currentLimit.map { .now.advanced(by: .seconds($0)) } }

    private func show(_ shown: KioskScreen.Shown) {
        guard shown != screen.shown else { return }
        screen.shown = shown
        screen.scene += 1
        restartTime()
        changed()
    }

    private func changed() {
        screen.version += 1
        wakeAll()
    }

    // MARK: Waiting pages

    private func pause(until end: ContinuousClock.Instant) async {
        sleeperCount += 1
        let number = sleeperCount
        let alarm = Task { [weak self] in
            try? await Task.sleep(until: end, clock: .continuous)
            await self?.wake(number)
        }
        await withCheckedContinuation { sleepers[number] = $0 }
        alarm.cancel()
    }

    private func wake(_ number: Int) { sleepers.removeValue(forKey: number)?.resume() }

    private func wakeAll() {
        let waiting = sleepers
        sleepers = [:]
        for continuation in waiting.values { continuation.resume() }
    }
}
