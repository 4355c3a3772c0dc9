import CounterApplications
import CounterService
import Foundation
import SandboxAuthority
import SandboxIssuingServer
import Testing

@Suite("Certificates")
struct CertificatePaperTests {
    @Test(
        "Every kind, of people with every kind of name: accepted by the counter, and the name comes back from the paper",
        arguments: [
            Archetype.regular, .variationSelector, .rareCharacters, .veryLong, .largeHousehold, .formerName, .leapDay,
        ])
    func everyKind(_ archetype: Archetype) async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(archetype)
            for kind in CertificateKindOfCounter.allCases {
                let scope: OrderScope =
                    kind == .residentRecord || kind == .familyRegisterFull ? .household : .individual
                let request = try town.request(resident.residentID, IssuingTown.order(kind, scope))
                let answer = try await town.answer(request)
                let inspection = try #require(
                    try PaperReading.inspection(answer.pdf, "\(archetype.rawValue)-\(kind.rawValue)"))
                let verdict = judge(
                    answer, for: request, inspection: inspection, showing: ExpectedNames(request.order, of: resident))
                #expect(verdict == .accepted, "\(kind)")
                // A family register has the family's name once and the given name by itself.
                let name = try #require(resident.name).split(separator: "　").last.map(String.init)
                #expect(PaperReading.contains(inspection.pageTexts, try #require(name)), "\(kind)")
                for (index, text) in inspection.pageTexts.enumerated() {
                    #expect(text.contains("\(index + 1) / \(inspection.pageCount)"), "\(kind)")
                }
            }
        }
    }

    @Test("A foreign resident's record has nationality and 通称, no 本籍")
    func foreign() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.commonName)
            let answer = try await town.answer(try town.request(resident.residentID))
            let pages = try PaperReading.pages(answer.pdf, "common_name-resident_record")
            #expect(PaperReading.contains(pages, "国籍・地域"))
            #expect(PaperReading.contains(pages, "見本　通称子"))
            #expect(!PaperReading.contains(pages, "筆頭者"))
        }
    }

    @Test("A household of twelve takes several sheets; what was not ordered is left out")
    func largeHousehold() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.largeHousehold)
            let whole = try await town.answer(
                try town.request(resident.residentID, IssuingTown.order(.residentRecord, .household)))
            let pages = try PaperReading.pages(whole.pdf)
            #expect(pages.count >= 2)
            #expect(resident.household.allSatisfy { PaperReading.contains(pages, $0.name) })
            let plain = IssuingTown.order(.residentRecord, .individual, [])
            let alone = try PaperReading.pages(try await town.answer(try town.request(resident.residentID, plain)).pdf)
            #expect(alone.count == 1)
            // 世帯主, 続柄, 本籍, 筆頭者
            #expect(alone.joined().components(separatedBy: "省略").count == 5)
            let others = resident.household.dropFirst()
            #expect(others.allSatisfy { !PaperReading.contains(alone, $0.name) })
            let chosen = Array(resident.household[1...2])
            let order = IssuingTown.order(.residentRecord, .selected(chosen.map(\.reference)))
            let some = try PaperReading.pages(try await town.answer(try town.request(resident.residentID, order)).pdf)
            #expect(chosen.allSatisfy { PaperReading.contains(some, $0.name) })
            #expect(resident.household.dropFirst(3).allSatisfy { !PaperReading.contains(some, $0.name) })
        }
    }

    @Test("The same request makes the same octets")
    func deterministic() async throws {
        try await IssuingTown.with { town in
            let request = try town.request(try await town.resident(.regular).residentID)
            let first = try await town.answer(request)
            try await IssuingTown.with { other in
                let second = try await other.answer(request)
                #expect(second.pdf == first.pdf)
            }
        }
    }
}
