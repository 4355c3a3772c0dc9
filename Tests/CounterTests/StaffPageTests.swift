import CounterApplications
import CounterKit
import CounterService
import HTTPTypes
import Synchronization
import SystemClock
import Testing

/// What a clerk's browser is shown.
@Suite struct StaffPageTests {
    @Test("日計 lists what was taken back with time, reason and a link; an auditor, who sees no application, has no link")
    func voided() async throws {
        let bench = CounterBench(retention: 86_400)
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let door = try StaffDoor(bench)
        let clerk = try await door.browser(Sample.clerk)
        #expect(!(try await clerk.get("/day")).text.contains("取り消した申請"))
        _ = try await bench.desk().void(application.id, reason: .notCollected, version: nil, by: Sample.clerk)
        try await bench.settle(4)
        let page = try await clerk.get("/day").text
        for wanted in [
            "取り消した申請", application.receptionNumber.printed, "住民票の写し", "取りに来ませんでした", "<td>10:00</td>",
            "<a class=\"code\" href=\"/applications/\(application.id.rawValue)\">",
        ] {
            #expect(page.contains(wanted), "\(wanted)")
        }
        for name in ["見本 花子", "見本 太郎", "一丁目"] { #expect(!page.contains(name)) }
        #expect(try await clerk.get("/applications/\(application.id.rawValue)").status == 200)
        #expect(!(try await clerk.get("/day?date=2026-11-24")).text.contains(application.receptionNumber.printed))
        let auditor = try await door.browser(Sample.auditor).get("/day").text
        #expect(auditor.contains(application.receptionNumber.printed) && !auditor.contains("/applications/"))
    }

    @Test("Queue and 日計 are of one counter alone once a clerk has chosen it, and of all where that counter is no more")
    func oneCounter() async throws {
        let bench = CounterBench(retention: 86_400)
        let here = try await bench.submitted(as: "R-1")
        let there = try await bench.submitted(as: "R-2", site: "branch")
        try await bench.settle()
        var clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let all = try await clerk.get("/queue")
        #expect(all.text.contains(here.receptionNumber.printed) && all.text.contains(there.receptionNumber.printed))
        #expect(all.text.contains("<option value=\"branch\">支所</option>") && all.cookie.isEmpty)
        let own = try await clerk.get("/queue?site=branch")
        #expect(!own.text.contains(here.receptionNumber.printed) && own.text.contains(there.receptionNumber.printed))
        #expect(own.text.contains("<option value=\"branch\" selected>"))
        let kept = try #require(own.cookie.split(separator: ";").first)
        #expect(own.cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Strict"))
        clerk.kept = "; \(kept)"
        let rows = try await clerk.get("/queue/rows").text
        #expect(!rows.contains(here.receptionNumber.printed) && rows.contains(there.receptionNumber.printed))
        for application in [here, there] {
            _ = try await bench.desk().void(application.id, reason: .notCollected, version: nil, by: Sample.clerk)
        }
        try await bench.settle(4)
        let day = try await clerk.get("/day").text
        #expect(!day.contains(here.receptionNumber.printed) && day.contains(there.receptionNumber.printed))
        #expect(day.contains("　支所</h1>"))
        #expect(try await clerk.get("/day.csv").text.split(whereSeparator: \.isNewline).count == 2)
        #expect(try await clerk.get("/day?site=").text.contains(here.receptionNumber.printed))
        for wrong in ["gone", "%00", "main%22%3E"] {
            #expect(try await clerk.get("/day?site=\(wrong)").text.contains(here.receptionNumber.printed), "\(wrong)")
        }
    }

    @Test("An application that ended before its order counts no copies and asks for no sheets")
    func beforeOrder() async throws {
        let bench = CounterBench()
        let application = try await bench.identified(as: "R-1")
        _ = try await bench.terminal().void(application.id, bench.context())
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let page = try await clerk.get("/applications/\(application.id.rawValue)").text
        #expect(page.contains("紙は出ていません") && page.contains("申請の前に終わったもの"))
        #expect(!page.contains("0通") && !page.contains("書損として破棄"))
    }

    @Test("A row of an application's page that has no value is left out")
    func emptyRows() async throws {
        let bench = CounterBench()
        let application = try await bench.terminal().open(language: "ja", bench.context()).application
        _ = try await bench.terminal().void(application.id, bench.context())
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let page = try await clerk.get("/applications/\(application.id.rawValue)").text
        for row in ["手数料", "管理番号", "本人確認", "発行側での取消"] { #expect(!page.contains("<dt>\(row)</dt>"), "\(row)") }
        #expect(
            page.contains("<dt>受付</dt>") && !page.contains("<dd></dd>") && !page.contains("<dd class=\"code\"></dd>"))
        let whole = try await bench.submitted(as: "R-1")
        let full = try await clerk.get("/applications/\(whole.id.rawValue)").text
        for row in ["手数料", "管理番号", "本人確認"] { #expect(full.contains("<dt>\(row)</dt>"), "\(row)") }
    }

    @Test("The 受払簿 names whose sheets they were, with a link, and says when they became spoilt")
    func sheetLines() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let door = try StaffDoor(bench)
        let clerk = try await door.browser(Sample.clerk)
        let link = "<a class=\"code\" href=\"/applications/\(application.id.rawValue)\">"
        let before = try await clerk.get("/sheets").text
        #expect(before.contains("申請　" + link + application.receptionNumber.printed) && !before.contains("申請の書損"))
        _ = try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
        let after = try await clerk.get("/sheets").text
        #expect(after.contains("申請の書損　" + link))
        let auditor = try await door.browser(Sample.auditor).get("/sheets").text
        #expect(auditor.contains(application.receptionNumber.printed) && !auditor.contains("/applications/"))
    }

    @Test("Where an issuer does not say whether it cancelled, the page says what to do; a supervisor's word ends it")
    func cancelUnanswered() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        bench.office.outside.withLock { $0.isIssuerDown = [Sample.city] }
        _ = try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
        let door = try StaffDoor(bench)
        let clerk = try await door.browser(Sample.clerk)
        let path = "/applications/\(application.id.rawValue)"
        #expect(!(try await clerk.get(path)).text.contains("待つのをやめる"))
        try await bench.drive()
        let page = try await clerk.get(path).text
        #expect(page.contains("発行サーバが取消に答えません") && page.contains("担当に電話し"))
        #expect(page.contains("name=\"supervisor_code\"") && page.contains("発行サーバの側に届いていない"))
        let refused = try await clerk.post(path + "/cancel-ended", [("reason", "never_received")]).text
        #expect(refused.contains("監督者の確認が必要です"))
        #expect(try await bench.fresh(application).state == .voiding)
        let supervisor = try await door.browser(Sample.supervisor)
        // Asked again and again meanwhile, it has another version than the page that was read.
        let version = try #require(page.firstMatch(of: /data-version="([0-9]+)"/)?.1)
        bench.clock.advance(bySeconds: 40)
        try await bench.drive()
        let said = [("reason", "never_received"), ("version", String(version))]
        let done = try await supervisor.post(path + "/cancel-ended", said).text
        #expect(done.contains("返事を待つのをやめました") && done.contains("発行サーバの側に届いていない"))
        #expect(done.contains("監督者 \(Sample.supervisor.id)") && !done.contains("cancel-ended"))
        #expect(try await bench.fresh(application).state == .voided)
    }

    @Test("After a reduced fee the clerk reads, on both pages, that the printed 領収書 is not to be given")
    func reducedFee() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1", copies: 2)
        try await bench.settle()
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let path = "/applications/\(application.id.rawValue)"
        let before = try await clerk.get(path).text
        #expect(before.contains("奨学金（300円を受け取った）") && before.contains("年金（無料）"))
        #expect(!before.contains("渡さずに回収"))
        let after = try await clerk.post(path + "/fee", [("exemption", "scholar")]).text
        #expect(after.contains("300円（領収済み）") && after.contains("印刷した領収書（600円）は、受け取った額と違います"))
        let codes = [("receipt", application.receptionNumber.printed)]
        let handing = try await clerk.post("/hand-over", codes).text
        #expect(handing.contains("印刷した領収書（600円）") && handing.contains("先に<a href=\"\(path)\">この受付</a>で刷って"))
        let printing = try await clerk.post(path + "/receipt", []).text
        #expect(printing.contains("正しい額の領収書を刷っています") && !printing.contains("受け取った額と違います"))
        try await bench.settle()
        #expect(!(try await clerk.get(path)).text.contains("正しい額で刷りなおす"))
        #expect(!(try await clerk.post("/hand-over", codes)).text.contains("受け取った額と違います"))
    }

    @Test("Who has not the role reads which role it takes, and is led to a page of their own")
    func otherRole() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let door = try StaffDoor(bench)
        let auditor = try await door.browser(Sample.auditor)
        for path in ["/queue", "/applications/\(application.id.rawValue)"] {
            let page = try await auditor.get(path)
            #expect(page.status == 403 && page.text.contains("窓口か監督者の役割の職員が使います"), "\(path)")
            #expect(page.text.contains("href=\"/sheets\">もどる") && !page.text.contains("見本 花子"))
        }
        let tray = "0|\(Sample.secure.printer)|\(Sample.secure.tray ?? "")"
        let noted = try await auditor.post("/sheets", [("act", "received"), ("count", "5"), ("tray", tray)])
        #expect(noted.status == 403 && noted.text.contains("窓口か監督者の役割の職員が使います"))
        #expect(noted.text.contains("いまの操作は記録していません"))
    }

    @Test("Before the door a refusal says what to do, in Japanese, and nothing of what there is")
    func beforeTheDoor() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let door = try StaffDoor(bench)
        let path = "/applications/\(application.id.rawValue)"
        let (old, foreign, other) = (
            try await door.page(.get, path, "", nil, from: nil),
            try await door.page(.post, path, "", "a=b", from: "cross-site"),
            try await door.page(.get, path, "", nil, at: "elsewhere.test")
        )
        #expect([old, foreign, other].map(\.status) == [403, 403, 421])
        for (page, sentence) in [(old, "ほかのブラウザで"), (foreign, "いまの操作は記録していません"), (other, "このアドレスでは開けません")] {
            #expect(page.type.hasPrefix("text/html") && page.text.contains(sentence))
            #expect(!page.text.contains("staff.test") && !page.text.contains(application.receptionNumber.printed))
        }
        // What is there and what is not look the same.
        for path in [path, "/applications/app_nobody"] {
            #expect(try await door.page(.get, path, "", nil).status == 303)
        }
        let stale = try await door.page(.post, path + "/fee", try await door.browser(Sample.clerk).token, "key=00")
        #expect(stale.status == 403 && stale.text.contains("前に入った人のものか"))
    }

    @Test("A store that does not answer shows a page in the clerk's words, and says that nothing was recorded")
    func storeAway() async throws {
        let bench = CounterBench()
        let door = try StaffDoor(bench)
        let clerk = try await door.browser(Sample.clerk)
        #expect(try await clerk.get("/queue").status == 200)
        door.store.goAway()
        let page = try await clerk.get("/queue")
        #expect(page.status == 503 && page.type == "text/html; charset=utf-8")
        #expect(page.text.contains("いまは使えません。") && !page.text.contains("記録していません"))
        // The queue's script takes it for no rows.
        #expect(try await clerk.get("/queue/rows").status == 503)
    }

    @Test("Papers of which one cannot be looked up just now are nobody's mistake: nothing is blocked")
    func lookUpFails() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let control = try #require(try await bench.fresh(application).issue?.controlNumber)
        bench.store.unanswered.withLock { $0 = [.certifiedCopy(control)] }
        await #expect(throws: CounterError.serviceNotReady) {
            try await bench.desk().match(application.receptionNumber.printed, control.printed, by: Sample.clerk)
        }
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let codes = [("receipt", application.receptionNumber.printed), ("copy", control.printed)]
        let page = try await clerk.post("/hand-over", codes)
        #expect(page.status == 503 && page.text.contains("いまは使えません。") && !page.text.contains("別の人"))
        #expect(try await bench.fresh(application).blocks.isEmpty)
        bench.store.unanswered.withLock { $0 = [] }
        #expect(try await clerk.post("/hand-over", codes).text.contains("同じ申請のものです"))
    }

    @Test("A supervisor who has mistyped too often is said to be locked, not to have mistyped")
    func supervisorLocked() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let door = try StaffDoor(bench)
        let clerk = try await door.browser(Sample.clerk)
        _ = try await door.enrol(Sample.supervisor)
        var said: [String] = []
        for _ in 0..<12 {
            said.append(
                try await clerk.post(
                    "/applications/\(application.id.rawValue)/clear",
                    [
                        ("supervisor", Sample.supervisor.id), ("supervisor_password", "wrong password"),
                        ("supervisor_code", "000000"),
                    ]
                ).text)
        }
        #expect(said.first?.contains("監督者の確認が必要です") == true)
        #expect(said.last?.contains("しばらく確認できません") == true)
    }
}
