import Foundation

/// What a run showed.
struct StatusResult {
    private let answers: [StatusAnswer]
    private let wrong: [String]
    private let failed: [String]
    /// Answers by an older list to questions that were asked after an answer by a newer one had come.
    private let steppedBack: Int

    init(_ answers: [StatusAnswer]) {
        self.answers = answers
        (wrong, failed) = answers.reduce(into: ([], [])) { found, answer in
            switch answer.outcome {
            case .right: break
            case .wrong(let text): found.0.append(text)
            case .failed(let text): found.1.append(text)
            }
        }
        var newest = 0
        var events: [(at: ContinuousClock.Instant, isEnd: Bool, list: Int)] = []
        for answer in answers {
            guard case .right(let list) = answer.outcome, let number = Int(list) else { continue }
            events.append((answer.ended, true, number))
            events.append((answer.started, false, number))
        }
        var back = 0
        for event in events.sorted(by: { $0.at < $1.at }) {
            if event.isEnd { newest = max(newest, event.list) } else if event.list < newest { back += 1 }
        }
        steppedBack = back
    }

    /// Nothing failed, nothing wrong, no step back.
    var isClean: Bool { failed.isEmpty && wrong.isEmpty && steppedBack == 0 }

    var json: [String: Any] {
        let latencies = answers.map { ($0.ended - $0.started) / .milliseconds(1) }.sorted()
        let lists = answers.reduce(into: [String: Int]()) { counts, answer in
            if case .right(let list) = answer.outcome { counts[list, default: 0] += 1 }
        }
        let span = (answers.map(\.ended).max() ?? .now) - (answers.map(\.started).min() ?? .now)
        return [
            "asked": answers.count, "failed": failed.count, "wrong": wrong.count, "stepped_back": steppedBack,
            "by_list": lists, "examples": Array((wrong + failed).prefix(3)),
            "per_second": Double(answers.count) / (span / .seconds(1)),
            "p50_ms": quantile(latencies, 0.5), "p99_ms": quantile(latencies, 0.99), "max_ms": latencies.last ?? 0,
        ]
    }

    private func quantile(_ ordered: [Double], _ share: Double) -> Double {
        guard !ordered.isEmpty else { return 0 }
        return ordered[min(ordered.count - 1, Int(Double(ordered.count) * share))]
    }
}
