import CounterApplications
import CounterService
import IssuingServerClient
import SandboxAuthority
import SandboxIssuingServer
import Testing

/// What the server does wrong on demand, judged as the counter judges.
@Suite("Faults of the issuer")
struct FaultTests {
    private func verdict(_ answer: IssueAnswer, _ request: IssueRequest) throws -> IssueVerdict {
        judge(
            answer, for: request, inspection: try PaperReading.inspection(answer.pdf))
    }

    @Test(
        "Each is seen before anything prints",
        arguments: [
            (IssuingFault.wrongPerson, [IssueMismatch.recipient]),
            (.wrongControlNumber, [.controlNumberMissingOnPage]),
            (.truncatedPDF, [.unreadablePDF]),
            (.missingFoot, [.controlNumberMissingOnPage]),
            (.wrongPageCount, [.pageCount]),
        ])
    func seen(_ fault: IssuingFault, _ mismatches: [IssueMismatch]) async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular).residentID
            town.server.faults.set(fault, times: 1)
            let request = try town.request(resident)
            #expect(try verdict(try await town.answer(request), request) == .mismatched(mismatches))
            // The next one is right again.
            let next = try town.request(resident)
            #expect(try verdict(try await town.answer(next), next) == .accepted)
        }
    }

    @Test("Two requests that get one another's answers are both seen")
    func swapped() async throws {
        try await IssuingTown.with { town in
            let first = try town.request(try await town.resident(.regular).residentID)
            let second = try town.request(try await town.resident(.renewed).residentID)
            town.server.faults.set(.swapped, times: 2)
            async let one = town.answer(first)
            async let two = town.answer(second)
            for (answer, request) in [(try await one, first), (try await two, second)] {
                let wanted: [IssueMismatch] = [
                    .requestID, .orderDigest, .controlNumber, .recipient, .controlNumberMissingOnPage,
                ]
                #expect(try verdict(answer, request) == .mismatched(wanted))
            }
        }
    }

    @Test("The former request's document once more is seen")
    func duplicate() async throws {
        try await IssuingTown.with { town in
            town.server.faults.set(.duplicate, times: 2)
            let first = try town.request(try await town.resident(.regular).residentID)
            #expect(try verdict(try await town.answer(first), first) == .accepted)
            let second = try town.request(try await town.resident(.renewed).residentID)
            #expect(
                try verdict(try await town.answer(second), second)
                    == .mismatched([.recipient, .controlNumberMissingOnPage]))
        }
    }

    @Test("An answer after the cancel is still an answer to what was cancelled: the centre has let go of it")
    func answerAfterCancel() async throws {
        try await IssuingTown.with { town in
            town.server.faults.set(.answerAfterCancel, times: 1)
            let request = try town.request(try await town.resident(.regular).residentID)
            await town.begin(request)
            #expect(await town.client.cancel(request.requestID, municipality: town.code, deadline: 60) == .cancelled)
            for _ in 0..<600 {
                let exchange = await town.client.outcome(
                    of: request.requestID, municipality: town.code, deadline: 60)
                if case .answered = exchange { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("the fault did not happen")
        }
    }

    @Test("A wrong person with the right digest: the text alone tells, which the clerk compares with the 申請書")
    func undeclared() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular)
            town.server.faults.set(.wrongPersonUndeclared, times: 1)
            let request = try town.request(resident.residentID)
            let answer = try await town.answer(request)
            #expect(try verdict(answer, request) == .accepted)
            let name = try #require(resident.name)
            #expect(!PaperReading.contains(try PaperReading.pages(answer.pdf), name))
        }
    }
}
