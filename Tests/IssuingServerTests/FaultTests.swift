import CounterApplications
import CounterService
import IssuingServerClient
import SandboxAuthority
import SandboxIssuingServer
import Testing

/// What the server does wrong on demand, judged as the counter judges.
@Suite("Faults of the issuer")
struct FaultTests {
    private func verdict(
        _ answer: IssueAnswer,
        _ request: IssueRequest,
        of resident: ResidentRecord
    ) throws -> IssueVerdict {
        judge(
            answer, for: request, inspection: try PaperReading.inspection(answer.pdf),
            showing: ExpectedNames(request.order, of: resident))
    }

    @Test(
        "Each is seen before anything prints",
        arguments: [
            (IssuingFault.wrongPerson, [IssueMismatch.recipient, .name]),
            (.wrongPersonUndeclared, [.name]),
            (.wrongControlNumber, [.controlNumberMissingOnPage]),
            (.truncatedPDF, [.unreadablePDF]),
            (.missingFoot, [.controlNumberMissingOnPage]),
            (.wrongPageCount, [.pageCount]),
        ])
    func seen(_ fault: IssuingFault, _ mismatches: [IssueMismatch]) async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular)
            town.server.faults.set(fault, times: 1)
            let request = try town.request(resident.residentID)
            #expect(try verdict(try await town.answer(request), request, of: resident) == .mismatched(mismatches))
            // The next one is right again.
            let next = try town.request(resident.residentID)
            #expect(try verdict(try await town.answer(next), next, of: resident) == .accepted)
        }
    }

    @Test("Two requests that get one another's answers are both seen")
    func swapped() async throws {
        try await IssuingTown.with { town in
            let residents = [try await town.resident(.regular), try await town.resident(.renewed)]
            let first = try town.request(residents[0].residentID)
            let second = try town.request(residents[1].residentID)
            town.server.faults.set(.swapped, times: 2)
            async let one = town.answer(first)
            async let two = town.answer(second)
            for (answer, request, resident) in [
                (try await one, first, residents[0]), (try await two, second, residents[1]),
            ] {
                let wanted: [IssueMismatch] = [
                    .requestID, .orderDigest, .controlNumber, .recipient, .controlNumberMissingOnPage, .name,
                ]
                #expect(try verdict(answer, request, of: resident) == .mismatched(wanted))
            }
        }
    }

    @Test("The former request's document once more is seen")
    func duplicate() async throws {
        try await IssuingTown.with { town in
            town.server.faults.set(.duplicate, times: 2)
            let (regular, renewed) = (try await town.resident(.regular), try await town.resident(.renewed))
            let first = try town.request(regular.residentID)
            #expect(try verdict(try await town.answer(first), first, of: regular) == .accepted)
            let second = try town.request(renewed.residentID)
            #expect(
                try verdict(try await town.answer(second), second, of: renewed)
                    == .mismatched([.recipient, .controlNumberMissingOnPage, .name]))
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

    @Test("A wrong person with the right digest is seen on every kind of certificate, by the text alone")
    func undeclared() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular)
            for kind in CertificateKindOfCounter.allCases {
                town.server.faults.set(.wrongPersonUndeclared, times: 1)
                let request = try town.request(resident.residentID, IssuingTown.order(kind))
                // Whoever is printed instead may have no such entry.
                guard case .answered(let answer) = await town.client.issue(request, deadline: 120) else { continue }
                let verdict = try verdict(answer, request, of: resident)
                // Of one family the family's name stands there too: then it is similar at most.
                #expect(verdict == .mismatched([.name]) || verdict == .undetermined, "\(kind)")
            }
        }
    }
}
