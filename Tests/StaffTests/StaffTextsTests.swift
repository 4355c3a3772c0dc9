import CounterApplications
import CounterService
import StaffPages
import Testing

@Suite("Whatever can come out has a sentence that a clerk can act on")
struct StaffTextsTests {
    @Test("Every refusal of the counter has its sentence")
    func refusals() throws {
        let texts = try StaffPageSet().texts
        #expect(CounterError.codes.count > 15)
        for code in CounterError.codes + ["not_found", "scope_missing", "service_not_ready"] {
            #expect(texts[code].map { $0.count > 5 } == true, "\(code)")
        }
    }

    @Test("Every state, paper, stage, reason and mismatch has its word")
    func words() throws {
        let texts = try StaffPageSet().texts
        let keys =
            CounterApplication.State.allCases.flatMap { ["state_\($0.rawValue)", "next_\($0.rawValue)"] }
            + ["state_uncollected", "next_uncollected", "state_blocked", "next_blocked"]
            + PaperKind.allCases.map { "paper_\($0.rawValue)" } + Paper.Stage.allCases.map { "stage_\($0.rawValue)" }
            + Voiding.Reason.allCases.map { "void_\($0.rawValue)" }
            + (IdentificationRefusal.allCases.map(\.code) + IssuerRefusal.allCases.map(\.rawValue)).map {
                "refusal_\($0)"
            }
            + IssueMismatch.allCases.map { "mismatch_\($0.rawValue)" }
            + SheetEntry.Cause.allCases.map { "sheets_\($0.rawValue)" }
            + ["media-empty", "media-jam", "door-open", "toner-empty", "offline"].map { "printer_\($0)" }
            + JapaneseEra.allCases.map { "era_\($0.rawValue)" }
            + CounterCondition.allCases.map { "condition_\($0.rawValue)" }
            + ["ocsp", "fresh_crl", "last_good_crl"].map { "rung_\($0)" }
        for key in keys { #expect(texts[key] != nil, "\(key)") }
    }
}
