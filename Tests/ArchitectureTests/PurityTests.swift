import Testing

/// What no line of the core may do: ask the time, wait, stop the process, or write anywhere.
@Suite struct PurityTests {
    static let files = Repository.sources(under: "Sources/Core")

    /// Name of the rule and what breaks it, looked for in code without comments and strings.
    nonisolated(unsafe) static let bans: [(rule: String, pattern: Regex<Substring>)] = [
        ("no clock", /\bDate\(|\bContinuousClock\b|\bSuspendingClock\b|\bclock_gettime\b|\bgettimeofday\b/),
        ("no waiting", /\basync\b|\bawait\b|\bTask\s*[{.]|\bThread\b/),
        ("no end of the process", /\b(?:fatalError|preconditionFailure|precondition|assertionFailure|exit|abort)\(/),
        ("no unchecked try or cast", /\btry!|\bas!|\bunsafeBitCast\b/),
        ("no output", /\b(?:print|debugPrint|dump|puts|fputs)\(/),
        ("no environment", /\bProcessInfo\b|\bgetenv\b|\bCommandLine\.|\bFileManager\b|\bfopen\b/),
        ("no forced unwrapping", /[\w\])]!(?:[.,;)\]\s\[(}:]|$)/),
        ("no chance", /\brandom\(|\bSystemRandomNumberGenerator\b|\barc4random\b/),
    ]

    @Test("the core has none of the banned calls", arguments: bans.indices)
    func banned(index: Int) {
        let ban = Self.bans[index]
        for file in Self.files {
            let found = file.lines(matching: ban.pattern)
            #expect(found.isEmpty, "\(ban.rule): \(file):\(found)")
        }
    }

    @Test("every ban finds what it bans and nothing in comments or strings")
    func bansAreAlive() {
        let samples = [
            "let now = Date()", "let x = await f()", "fatalError(\"no\")", "let y = try! f()", "print(x)",
            "ProcessInfo.processInfo", "let z = list.first!.value", "Int.random(in: 0...1)",
        ]
        for (ban, sample) in zip(Self.bans, samples) {
            #expect(SourceFile(path: "sample", text: sample).lines(matching: ban.pattern) == [1], "\(ban.rule)")
            let hidden = "// \(sample)\nlet a = \"\(sample.replacing("\"", with: ""))\"\n/* \(sample) */\n"
            #expect(SourceFile(path: "hidden", text: hidden).lines(matching: ban.pattern).isEmpty, "\(ban.rule)")
        }
        let comparison = SourceFile(path: "sample", text: "guard a != b, !isEmpty, list[0] != c else { return }")
        #expect(comparison.lines(matching: Self.bans[6].pattern).isEmpty)
    }
}
