import Foundation

/// What a run showed.
struct LoadResult {
    let answers: [Answer]
    let seconds: Double
    let used: ProcessTimes
    /// When the responder went down.
    let switched: ContinuousClock.Instant?

    var json: [String: Any] {
        var document = LoadResult.summary(answers)
        document["seconds"] = seconds
        document["verifications_per_second"] = Double(answers.count) / seconds
        document["cpu_seconds"] = used.json
        if let platform = used.platform, platform > 0 {
            document["verifications_per_platform_cpu_second"] = Double(answers.count) / platform
        }
        if let switched {
            document["before_the_switch"] = LoadResult.summary(answers.filter { $0.ended < switched })
            document["over_the_switch"] = LoadResult.summary(answers.filter { isOver(switched, $0) })
            document["after_the_switch"] = LoadResult.summary(answers.filter { $0.started >= switched })
        }
        return document
    }

    /// Answers in flight when the responder went down, and those of the second after.
    private func isOver(_ moment: ContinuousClock.Instant, _ answer: Answer) -> Bool {
        answer.ended >= moment && answer.started < moment + .seconds(1)
    }

    private static func summary(_ answers: [Answer]) -> [String: Any] {
        let latencies = answers.map { ($0.ended - $0.started).seconds * 1_000 }.sorted()
        var counts = ["valid": 0, "degraded": 0, "other_result": 0, "refused": 0, "failed": 0]
        for answer in answers {
            switch answer.outcome {
            case .valid: counts["valid", default: 0] += 1
            case .degraded: counts["degraded", default: 0] += 1
            case .other: counts["other_result", default: 0] += 1
            case .refused: counts["refused", default: 0] += 1
            case .failed: counts["failed", default: 0] += 1
            }
        }
        return [
            "answers": counts, "asked": answers.count, "p50_ms": quantile(latencies, 0.5),
            "p99_ms": quantile(latencies, 0.99), "max_ms": latencies.last ?? 0,
        ]
    }

    private static func quantile(_ ordered: [Double], _ share: Double) -> Double {
        guard !ordered.isEmpty else { return 0 }
        return ordered[min(ordered.count - 1, Int(Double(ordered.count) * share))]
    }
}
