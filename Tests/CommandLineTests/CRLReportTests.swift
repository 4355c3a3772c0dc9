import CommandLine
import Testing

@Suite("A platform's answers about lists, as lines")
struct CRLReportTests {
    private let pending = """
        {"id":"crl_AB","issuer_id":"a","source_id":"whole","state":"pending","source_phase":"idle","crl_number":"1",
        "this_update":"2026-04-01T00:00:00+09:00","next_update":null,"entries":3,"form":"delta","last_outcomes":[],
        "refusal":"number_reset","proposal":{"proposed_by":"first","reason":"r","proposed_at":"x","expires_at":"y"}}
        """

    @Test("Lists: a line each, with what a pending one waits for")
    func lists() throws {
        let report = try #require(CRLReport.lists(Array("{\"items\":[\(pending)]}".utf8)))
        #expect(
            report.lines == [
                "pending  whole  crl_AB  number 1  2026-04-01T00:00:00+09:00  -  3 entries  delta  number_reset"
                    + "  proposed by first until y"
            ])
        #expect(report.outcomes.isEmpty)
    }

    @Test("What came of fetching, importing and accepting, with its codes")
    func outcomes() throws {
        let refresh =
            "{\"items\":[{\"source_id\":\"a\",\"outcomes\":[\"activated\",\"malformed\"],\"finished_at\":\"x\"}]}"
        let fetched = try #require(CRLReport.refresh(Array(refresh.utf8)))
        #expect(fetched.lines == ["a  activated malformed"] && fetched.outcomes == ["activated", "malformed"])
        let brought = try #require(
            CRLReport.change(Array("{\"outcome\":\"number_reset\",\"source_id\":\"a\",\"crl\":\(pending)}".utf8)))
        #expect(brought.outcomes == ["number_reset"] && brought.lines.first?.hasPrefix("number_reset  pending") == true)
        let nothing = try #require(CRLReport.change(Array("{\"outcome\":\"malformed\",\"crl\":null}".utf8)))
        #expect(nothing.lines == ["malformed"])
    }

    @Test("What is no such answer has no report", arguments: ["", "{}", "[]", "{\"items\":[{}]}"])
    func foreign(_ text: String) {
        #expect(CRLReport.lists(Array(text.utf8)) == nil)
        #expect(CRLReport.refresh(Array(text.utf8)) == nil)
        #expect(CRLReport.change(Array(text.utf8)) == nil)
    }
}
