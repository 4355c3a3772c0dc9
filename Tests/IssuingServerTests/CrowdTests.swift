import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import OutgoingHTTP
import SandboxAuthority
import SandboxIssuingServer
import SignatureAlgorithms
import Testing
import Verification

/// The incidents of 2023 in the issuer itself: requests of the same millisecond, time-outs and cancels among them.
///
/// 200 requests a day; with AKASHI_FULL=1 ten thousand.
@Suite("The crowd at the issuer")
struct CrowdTests {
    private struct Case: Sendable {
        let request: IssueRequest
        let name: String
    }

    /// What came of one request: the answer's words, with the PDF in a file.
    private struct Outcome: Sendable {
        let item: Case
        let answer: IssueAnswer
        let digest: [UInt8]
        let path: String
    }

    @Test("No certificate ever holds another's control number or name, however many are asked for at once")
    func crowd() async throws {
        let count = ProcessInfo.processInfo.environment["AKASHI_FULL"] == nil ? 200 : 10_000
        let folder = IssuingTown.temporaryFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The issuer draws on the same machine's processors: a handshake may wait for a hundred certificates.
        let limits = OutgoingLimits(connect: .seconds(3_600), idle: .seconds(3_600), connectionsPerHost: 64)
        try await IssuingTown.with(minted: 200, limits: limits) { town in
            let people = town.server.registers.book.everybody.filter { $0.sourceID != nil && $0.standing == .resident }
            let cases = try (0..<count).map { index in
                let person = people[index % people.count]
                let order = IssuingTown.order(.residentRecord, .individual, [])
                return Case(request: try town.request(person.residentID, order), name: person.name)
            }
            let begun = ContinuousClock.now
            let outcomes = await issue(cases, town, folder)
            let issuing = begun.duration(to: .now)
            #expect(outcomes.count == count)
            let names = Set(people.map(\.name))
            for outcome in outcomes { try check(outcome, names) }
            #expect(Set(outcomes.map(\.digest)).count == count)
            print("\(count) certificates at once: \(issuing) issuing, \(begun.duration(to: .now)) with reading them")
        }
    }

    /// All at once; every tenth is asked for twice, every tenth taken back when it has come.
    private func issue(_ cases: [Case], _ town: IssuingTown, _ folder: String) async -> [Outcome] {
        await withTaskGroup(of: Outcome?.self) { group in
            for item in cases {
                group.addTask {
                    let exchange = await town.client.issue(item.request, deadline: 3_600)
                    guard case .answered(let answer) = exchange else {
                        Issue.record("not answered: \(exchange)")
                        return nil
                    }
                    if item.request.nonce[0] % 10 == 0 {
                        let cancel = await town.client.cancel(
                            item.request.requestID, municipality: town.code, deadline: 3_600)
                        #expect(cancel == .cancelled)
                    } else if item.request.nonce[0] % 10 == 1 {
                        let again = await town.client.issue(item.request, deadline: 3_600)
                        // In a very large crowd a document that was fetched may have made room.
                        #expect(again == exchange || again == .unknownOutcome(.httpStatus))
                    }
                    let path = "\(folder)/\(item.request.requestID).pdf"
                    _ = FileManager.default.createFile(atPath: path, contents: Data(answer.pdf))
                    return Outcome(
                        item: item, answer: answer.with([]), digest: HashAlgorithm.sha256.digest(of: answer.pdf),
                        path: path)
                }
            }
            return await group.reduce(into: []) { all, outcome in if let outcome { all.append(outcome) } }
        }
    }

    private func check(_ outcome: Outcome, _ names: Set<String>) throws {
        let item = outcome.item
        let pages = PaperReading.split(try PaperReading.run("pdftotext", ["-raw", outcome.path, "-"]))
        let inspection = PDFInspection(pageCount: pages.count, pageTexts: pages, fontsAllEmbedded: true)
        let verdict = judge(
            outcome.answer.with(Array(try Data(contentsOf: URL(fileURLWithPath: outcome.path)))), for: item.request,
            inspection: inspection, showing: .all([try #require(PrintedName(item.name))]))
        #expect(verdict == .accepted)
        // Whatever looks like a control number is this one.
        let numbers = pages.joined().matches(of: /[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}/)
            .map { String($0.output.0) }
        #expect(Set(numbers) == [item.request.controlNumber.printed])
        let text = PaperReading.squeezed(pages.joined())
        let found = names.filter { text.firstRange(of: PaperReading.squeezed($0)) != nil }
        #expect(found.contains(item.name))
        // A name may stand within a longer one of the same person alone.
        let own = PaperReading.squeezed(item.name)
        #expect(found.allSatisfy { own.firstRange(of: PaperReading.squeezed($0)) != nil })
    }
}

extension IssueAnswer {
    fileprivate func with(_ pdf: [UInt8]) -> IssueAnswer {
        IssueAnswer(
            requestID: requestID, orderDigest: orderDigest, controlNumber: controlNumber,
            recipientDigest: recipientDigest, pdf: pdf, pdfDigest: pdfDigest, pageCount: pageCount, issuedAt: issuedAt)
    }
}
