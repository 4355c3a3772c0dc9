internal import CounterApplications

/// What a job and its printer say, as one state.
struct PrinterReport {
    let job: IPPMessage
    let printer: IPPMessage?

    /// Reasons for which a printer waits for somebody (RFC 8011 §5.4.12, PWG 5100.9), without severities.
    private static let blocking: Set<String> = [
        "media-empty", "media-needed", "media-jam", "door-open", "cover-open", "interlock-open", "toner-empty",
        "marker-supply-empty", "input-tray-missing", "output-area-full", "output-tray-missing", "paused", "shutdown",
        "spool-area-full", "stopped-partly", "timed-out", "other-error",
    ]
    /// Words of a job that say no more than its state.
    private static let usual: Set<String> = [
        "none", "job-printing", "job-queued", "job-incoming", "job-hold-until-specified", "job-completed-successfully",
        // CUPS leaves this on every job that ended.
        "processing-to-stop-point",
        "job-data-insufficient",
    ]

    var state: PrintJobState {
        let own = PrinterReport.words(job, "job-state-reasons", .job).filter { !PrinterReport.usual.contains($0) }
        let reasons = job.value("job-state", in: .job)?.number.map { $0 < 7 } == true ? printerReasons : []
        let phase = phase(reasons)
        return PrintJobState(phase, sheets: sheets(phase), reasons: PrinterReport.told(reasons.map(\.word) + own))
    }

    /// Each word once, and no more of them than are kept: an answer can hold a hundred thousand.
    private static func told(_ words: [String]) -> [String] {
        var told: [String] = []
        for word in words where !told.contains(word) {
            guard told.count < PrintJobState.mostReasons else { break }
            told.append(word)
        }
        return told
    }

    private func phase(_ reasons: [(word: String, isWarning: Bool)]) -> PrintJobState.Phase {
        let isBlocked = reasons.contains { reason in
            // CUPS reports a printer that it cannot reach as `offline-report`.
            reason.word == "offline" || (!reason.isWarning && PrinterReport.blocking.contains(reason.word))
        }
        // RFC 8011 §5.3.7; 5 of the printer is `stopped` (§5.4.11).
        let isStopped = printer?.value("printer-state", in: .printer)?.number == 5
        switch job.value("job-state", in: .job)?.number {
        case 3: return isStopped || isBlocked ? .stopped : .pending
        case 4: return .held
        case 5: return isStopped || isBlocked ? .stopped : .printing
        case 6: return .stopped
        case 7: return .cancelled
        case 8: return .aborted
        case 9: return .completed
        default: return .unknown
        }
    }

    private var printerReasons: [(word: String, isWarning: Bool)] {
        guard let printer else { return [] }
        return printer.values("printer-state-reasons", in: .printer).compactMap(\.text).filter { $0 != "none" }
            .map { text in
                (PrinterReport.withoutSeverity(text), text.hasSuffix("-warning") || text.hasSuffix("-report"))
            }
    }

    /// Queues without a filter that counts leave zero, which says nothing of a job that has printed.
    private func sheets(_ phase: PrintJobState.Phase) -> Int? {
        let count = job.value("job-media-sheets-completed", in: .job)?.number
        return count == 0 && (phase == .completed || phase == .aborted) ? nil : count
    }

    private static func words(_ message: IPPMessage, _ name: String, _ kind: IPPGroup.Kind) -> [String] {
        message.values(name, in: kind).compactMap(\.text).map(withoutSeverity)
    }

    private static func withoutSeverity(_ word: String) -> String {
        for ending in ["-error", "-warning", "-report"] where word.hasSuffix(ending) && word != "other-error" {
            return String(word.dropLast(ending.utf8.count))
        }
        return word
    }
}
